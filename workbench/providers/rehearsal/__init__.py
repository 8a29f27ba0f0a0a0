"""The Messages API rehearsed in process: its wire format, its rules and its accounting, without a network.

    AsyncAnthropic ─▶ transport ─▶ validity    what the API refuses with a 400
                              ├─▶ prefix      what the prompt cache would have charged
                              ├─▶ script      steps to replay, faults to inject ┐
                              ├─▶ agent       a small rule-based agent          ┴▶ Scene
                              └─▶ sse         the Scene as server-sent events

No language model answers here, and nothing that it says is presented as if one had.
"""
