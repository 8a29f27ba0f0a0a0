"""The agent's hands, over the SDK's tool objects: files, shell, scratchpad."""
