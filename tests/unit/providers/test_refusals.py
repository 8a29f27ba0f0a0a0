"""The words with which the Messages API, and gateways to it, refuse a request, and what a repair learns of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import ProviderFault, Refusal
from workbench.providers.faults import parse_fault
from workbench.providers.refusals import read_message

REFUSED = [
    ("Could not process image", "media", Refusal()),
    ("Could not process PDF", "media", Refusal()),
    (
        "messages.168.content.0.tool_result.content.1.image.source.base64: image exceeds 5 MB maximum: 5649924 bytes >"
        " 5242880 bytes",
        "media",
        Refusal((168, 0, 1)),
    ),
    ("messages.118.content.4.image.source.base64: image cannot be empty", "media", Refusal((118, 4))),
    (
        "messages.7.content.2.image.source.base64.data: At least one of the image dimensions exceed max allowed size:"
        " 8000 pixels",
        "media",
        Refusal((7, 2)),
    ),
    (
        "messages.19.content.27.image.source.base64.data: At least one of the image dimensions exceed max allowed size"
        " for many-image requests: 2000 pixels",
        "media",
        Refusal((19, 27)),
    ),
    (
        "messages.6.content.5.image.source.base64.data: Image does not match the provided media type image/png",
        "media",
        Refusal((6, 5)),
    ),
    ("messages.0.content.1.image.source.base64: Invalid base64 data", "media", Refusal((0, 1))),
    ("messages.0.content.1.image.source.base64.media_type: Input should be 'image/jpeg'", "media", Refusal((0, 1))),
    ("A maximum of 100 PDF pages may be provided.", "media", Refusal()),
    (
        "messages.4.content.0.pdf.source.base64.data: A maximum of 100 PDF pages may be provided.",
        "media",
        Refusal((4, 0)),
    ),
    ("messages.2.content.0.pdf.source.base64.data: The PDF specified was not valid.", "media", Refusal((2, 0))),
    ("messages.2.content.0.pdf.source.base64.data: The PDF specified is password protected.", "media", Refusal((2, 0))),
    ("too many images and documents: 101 + 0 > 100", "media", Refusal()),
    ("No endpoints found that support image input", "media", Refusal()),
    ("messages.1.content.0: Invalid `signature` in `thinking` block", "thinking", Refusal((1, 0))),
    (
        "messages.3.content.11: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be"
        " modified. These blocks must remain as they were in the original response.",
        "thinking",
        Refusal((3, 11)),
    ),
    ("messages.1: The final block in an assistant message cannot be `thinking`.", "thinking", Refusal((1,))),
    ("messages.5.content.0.thinking.signature: Field required", "thinking", Refusal((5, 0))),
    ("messages.5.content.0: Invalid `data` in `redacted_thinking` block", "thinking", Refusal((5, 0))),
    (
        "messages.11.content.0: When thinking is disabled, an `assistant` message in the final position cannot contain"
        " `thinking`. To use thinking blocks, enable `thinking` in your request.",
        "thinking",
        Refusal((11, 0)),
    ),
    ("messages.3.content.1.thinking.cache_control: Extra inputs are not permitted", "uncached", Refusal((3, 1))),
    ("Unknown parameter: 'cache_control'.", "uncached", Refusal()),
    ("A maximum of 4 blocks with cache_control may be provided. Found 5.", "invalid", Refusal()),
    ("adaptive thinking is not supported on this model", "unsupported", Refusal()),
    ("This model does not support the effort parameter.", "unsupported", Refusal()),
    ("thinking: Extra inputs are not permitted", "unsupported", Refusal()),
    ("output_config: Extra inputs are not permitted", "unsupported", Refusal()),
    (
        "thinking: Input tag 'adaptive' found using 'type' does not match any of the expected tags: 'disabled',"
        " 'enabled'",
        "unsupported",
        Refusal(),
    ),
    (
        '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive".',
        "unsupported",
        Refusal(),
    ),
    (
        "messages.129.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`. When `thinking` is"
        " enabled, a final `assistant` message must start with a thinking block",
        "unsupported",
        Refusal((129, 0)),
    ),
    (
        "max_tokens: 32000 > 8000, which is the maximum allowed number of output tokens for claude-3-haiku-20240307",
        "reply_limit",
        Refusal((), 32000, 8000),
    ),
    (
        "max_tokens is too large: 32000. This model supports at most 16384 completion tokens, whereas you provided"
        " 32000.",
        "reply_limit",
        Refusal((), 32000, 16384),
    ),
    ("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", "reply_limit", Refusal((), 0, 8192)),
    ("`max_tokens` must be less than or equal to `8192`", "reply_limit", Refusal((), 0, 8192)),
    (
        "The maximum tokens you requested exceeds the model limit of 4096. Try again with a lower value.",
        "reply_limit",
        Refusal((), 0, 4096),
    ),
    ("prompt is too long: 54684 tokens > 48508 maximum", "too_long", Refusal((), 54684, 48508)),
    ("prompt is too long: 1,054,684 tokens > 1,000,000 maximum", "too_long", Refusal((), 1_054_684, 1_000_000)),
    (
        "input length and `max_tokens` exceed context limit: 190000 + 21333 > 200000, decrease input length or"
        " `max_tokens` and try again",
        "too_long",
        Refusal((), 190_000, 200_000),
    ),
    (
        "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens",
        "too_long",
        Refusal((), 9000, 8192),
    ),
    (
        "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (5000 in the messages,"
        " 4000 in the completion). Please reduce the length of the messages or completion.",
        "too_long",
        Refusal((), 5000, 8192),
    ),
    (
        "You passed 202753 input tokens and requested 0 output tokens. However, the model's context length is only"
        " 202752 tokens",
        "too_long",
        Refusal((), 202_753, 202_752),
    ),
    (
        "'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 8192"
        " tokens and your request has 100 input tokens",
        "too_long",
        Refusal((), 100, 8192),
    ),
    (
        "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it",
        "too_long",
        Refusal((), 9000, 8192),
    ),
    (
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)",
        "too_long",
        Refusal((), 1_200_000, 1_048_576),
    ),
    ("Input is too long for requested model.", "too_long", Refusal()),
    ("Request exceeds the maximum size", "too_long", Refusal()),
    ("messages.3.content.2: Input tag 'x' does not match any of the expected tags", "invalid", Refusal((3, 2))),
    ("tools.0.custom.name: String should match pattern", "invalid", Refusal()),
]


@pytest.mark.parametrize(("message", "kind", "refusal"), REFUSED)
def test_the_words_tell_the_kind_the_place_and_the_figures(message, kind, refusal):
    status = 413 if message == "Request exceeds the maximum size" else 400
    fault = parse_fault({"type": "error", "error": {"type": "invalid_request_error", "message": message}}, status)
    assert (fault.kind, fault.refusal, fault.retryable) == (kind, refusal, False)
    assert fault.hint


@pytest.mark.parametrize(("message", "kind", "refusal"), REFUSED[:4] + REFUSED[28:31])
def test_a_gateway_that_wraps_the_refusal_hides_nothing(message, kind, refusal):
    body = {"type": "error", "error": {"type": "invalid_request_error", "message": message}}
    wrapped = (
        {"error": {"code": 400, "message": json.dumps(body), "status": "INVALID_ARGUMENT"}},
        {"error": {"message": f"litellm.BadRequestError: AnthropicException - {json.dumps(body)}", "type": "None"}},
        {"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": json.dumps(body)}}},
        {"detail": message},
        {"message": message},
        {"error": message},
        message,
    )
    for each in wrapped:
        fault = parse_fault(each, 400)
        assert (fault.kind, fault.refusal) == (kind, refusal), each
        assert message.rstrip(".") in fault.message


def test_a_refusal_that_a_gateway_passes_on_as_its_own_failure_is_still_one():
    fault = parse_fault({"error": {"message": "prompt is too long: 203052 tokens > 200000 maximum"}}, 500)
    assert (fault.kind, fault.retryable, fault.refusal.limit) == ("too_long", False, 200_000)


@pytest.mark.parametrize("status", [401, 402, 403, 429, 529])
def test_a_status_that_says_it_all_is_not_outweighed_by_words(status):
    fault = parse_fault({"error": {"message": "too many tokens per minute: the context window is busy"}}, status)
    assert fault.kind in {"auth", "spend", "rate_limit", "overloaded"}


def test_compaction_and_a_new_session_are_advised_only_where_they_help():
    told = {kind: parse_fault({"error": {"message": message}}, 400).hint for message, kind, _ in REFUSED}
    assert "ompact" in told["too_long"]
    assert not any("ompact" in hint for kind, hint in told.items() if kind != "too_long")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda each: (
            st.lists(each)
            | st.dictionaries(st.sampled_from(["error", "message", "type", "metadata", "raw", "detail"]), each)
        ),
    )
)
def test_any_body_is_read_without_a_failure(body):
    assert isinstance(read_message(body), str)
    assert isinstance(parse_fault(body, 400), ProviderFault)
