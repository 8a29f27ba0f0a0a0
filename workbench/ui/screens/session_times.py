"""When a session was used, in the words of the list."""

from datetime import timedelta

from workbench.core import figures


def name_group(at: float, now: float) -> str:
    """TODAY, YESTERDAY, LAST WEEK or EARLIER, by the local calendar."""
    moment, present = figures.find_moment(at), figures.find_moment(now)
    if moment is None or present is None:
        return "EARLIER"
    days = (present.date() - moment.date()).days
    if days <= 0:
        return "TODAY"
    if days == 1:
        return "YESTERDAY"
    return "LAST WEEK" if days < 7 else "EARLIER"


def describe_time(at: float, now: float) -> str:
    """`3 h ago`, `16:20`, `Mon`, `12 Oct`, `12 Oct 2025`."""
    moment, present = figures.find_moment(at), figures.find_moment(now)
    if moment is None or present is None:
        return figures.NO_FIGURE
    match name_group(at, now):
        case "TODAY":
            seconds = max(0, int(now - at))
            if seconds < 60:
                return "just now"
            return f"{seconds // 60} min ago" if seconds < 3600 else f"{seconds // 3600} h ago"
        case "YESTERDAY":
            return moment.strftime("%H:%M")
        case "LAST WEEK":
            return moment.strftime("%a")
        case _:
            recent = present - moment < timedelta(days=300)
            return f"{moment.day} {moment.strftime('%b' if recent else '%b %Y')}"
