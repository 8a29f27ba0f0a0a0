"""Monitoring and observability (seed §10): listeners on the bus."""
