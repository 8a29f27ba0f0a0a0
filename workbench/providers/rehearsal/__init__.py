"""The Messages API rehearsed in process: the wire format, the rules and the accounting of the real one, without a network.

AsyncAnthropic ─▶ transport ─▶ validity    what the API refuses with a 400
                          ├─▶ prefix      what the prompt cache would have charged
                          ├─▶ script      steps to replay, faults to inject ┐
                          ├─▶ mind        a small rule-based agent          ┴▶ Scene
                          └─▶ sse         the Scene as server-sent events
"""
