"""What goes wrong with a model server, in words that a learner can act on, and never in the server's own."""

import httpx2
import openai

from core.engines.base import Fault, ServiceError

FAULTS = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
)
"""Everything that a call, or reading a malformed reply, is known to raise."""

QUOTA_CODES = ("insufficient_quota", "billing_hard_limit_reached")
FILTER_CODES = ("content_filter", "content_policy_violation")

ADMIN = "Whoever runs Viva can mend that."
AGAIN = "Please try again."


def refused() -> ServiceError:
    """The model would not answer."""
    return ServiceError(Fault.REFUSED, "The model declined to answer this. Try again, or put it in other words.")


def cut_off() -> ServiceError:
    """The reply ended before its end."""
    return ServiceError(Fault.INTERRUPTED, f"The model's reply broke off before its end. {AGAIN}")


def translate(error: Exception, model: str = "") -> ServiceError:
    """The ServiceError for any of FAULTS."""
    match error:
        case openai.APITimeoutError() | httpx2.TimeoutException():
            return ServiceError(Fault.TIMEOUT, f"The model server took too long to answer. {AGAIN}")
        case openai.APIConnectionError() if isinstance(error.__cause__, httpx2.RemoteProtocolError | httpx2.ReadError):
            return cut_off()
        case openai.APIConnectionError() | httpx2.TransportError():
            return ServiceError(Fault.UNREACHABLE, "The model server can't be reached. Try again in a minute.")
        case openai.APIResponseValidationError():
            return _bad_reply()
        case openai.APIStatusError():
            return _status(error, model)
        case openai.APIError() if error.code in QUOTA_CODES:
            return _quota()
        case openai.APIError():  # an error event within a stream
            return cut_off()
        case openai.OpenAIError() | httpx2.InvalidURL():
            return ServiceError(
                Fault.NOT_CONFIGURED, f"The model server's key or address is not usable. {ADMIN}", retryable=False
            )
        case _:
            return _bad_reply()


def _status(error: openai.APIStatusError, model: str) -> ServiceError:
    status = error.status_code
    if status == 402 or error.code in QUOTA_CODES:
        return _quota()
    if status in (401, 403):
        return ServiceError(Fault.AUTH, f"The model server did not accept Viva's key. {ADMIN}", retryable=False)
    if status == 429:
        return ServiceError(Fault.BUSY, "The model server is too busy just now. Try again in a minute.")
    if status == 404:
        named = f"The model “{model}”" if model else "The model"
        return ServiceError(
            Fault.NOT_CONFIGURED, f"{named} is not to be had at this server address. {ADMIN}", retryable=False
        )
    if status == 413 or error.code == "context_length_exceeded":
        return ServiceError(Fault.BAD_INPUT, "This is too long for the model. Please shorten it.", retryable=False)
    if error.code in FILTER_CODES:
        return refused()
    if status in (408, 504):
        return ServiceError(Fault.TIMEOUT, f"The model server took too long to answer. {AGAIN}")
    if status >= 500:
        return ServiceError(Fault.UNAVAILABLE, "The model server has a fault of its own. Try again in a minute.")
    return ServiceError(
        Fault.NOT_CONFIGURED, f"The model server refused Viva's request (HTTP {status}). {ADMIN}", retryable=False
    )


def _quota() -> ServiceError:
    return ServiceError(Fault.QUOTA, f"The credit for the model server is used up. {ADMIN}", retryable=False)


def _bad_reply() -> ServiceError:
    return ServiceError(Fault.BAD_REPLY, f"The model server's reply made no sense to Viva. {AGAIN}")
