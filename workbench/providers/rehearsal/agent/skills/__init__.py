"""What the agent can do, a module for each kind of work; `patterns` says which prompt asks for which."""
