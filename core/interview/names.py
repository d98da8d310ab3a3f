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


def model_answer_name(move: Move) -> str:
    """What the model answer under an answer is called: a follow-up asks for a part of the question that it is to."""
    return "A model answer to the whole question" if move is Move.FOLLOW_UP else "A model answer"
