"""What levels, moves and the makers of grades are called in front of people."""

from core.interview.model import Move

LEVELS = {1: "Foundations", 2: "Basics", 3: "Professional", 4: "Senior", 5: "Expert"}
MOVES = {
    Move.OPENING: "New question",
    Move.NEW_TOPIC: "New question",
    Move.FOLLOW_UP: "Follow-up",
    Move.DEEPER: "Going deeper",
    Move.HINT: "With a hint",
}
SOURCES = {
    "offline": "estimated by the offline engine, ± 2",
    "openai": "graded by the model",
    "sample": "sample data",
    "person": "graded by a person",
}
