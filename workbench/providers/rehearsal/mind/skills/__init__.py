"""What the rehearsal can do, one module for each thing that can be asked: `matches` recognises it, `plan` does it."""
