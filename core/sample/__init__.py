"""The sample programme: made-up cohorts, learners and interviews to look around in, marked as sample everywhere."""

from core.sample.loading import SampleReport, load_sample
from core.sample.people import COHORTS, PROGRAMME, SAMPLE_ADMIN_EMAIL, SAMPLE_LEARNER_EMAIL, SAMPLE_MANAGER_EMAIL
from core.sample.removing import remove_sample

__all__ = [
    "COHORTS",
    "PROGRAMME",
    "SAMPLE_ADMIN_EMAIL",
    "SAMPLE_LEARNER_EMAIL",
    "SAMPLE_MANAGER_EMAIL",
    "SampleReport",
    "load_sample",
    "remove_sample",
]
