"""
Computes the golden ticks without any of Slipway's code: Python's zoneinfo, and a cron evaluator that asks of every moment
whether it matches. Run it again only when the rule changes:

    python3 test/golden/schedules/make-ticks.py > test/golden/schedules/ticks.json

Each row says how many ticks an expression has in a zone from one moment until another (excluded), and their hash: SHA-256
of their minutes since 1970, in decimal, with commas between, its first 16 hexadecimal digits.
"""

import calendar
import hashlib
import json
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 2017, 2026
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

ZONES = [
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
    "America/St_Johns", "Africa/Cairo", "Asia/Kolkata", "Asia/Tehran", "Australia/Lord_Howe", "Pacific/Chatham",
]

# Over all ten years; minutes, hours, and the days as a question about a date.
FIXED = {
    "30 2 * * *": ({30}, {2}, lambda day: True),
    "0 0 * * 0": ({0}, {0}, lambda day: day.isoweekday() == 7),
    "15 1 L * *": ({15}, {1}, lambda day: day.day == calendar.monthrange(day.year, day.month)[1]),
    "0,45 0 * * MON#2": ({0, 45}, {0}, lambda day: day.isoweekday() == 1 and 8 <= day.day <= 14),
    "5 3 1,29 2,3 *": ({5}, {3}, lambda day: day.month in (2, 3) and day.day in (1, 29)),
    "30 23 13 * 5": ({30}, {23}, lambda day: day.day == 13 or day.isoweekday() == 5),
}

# Around the changes of the clocks only.
FIXED_NEAR = {
    "*/20 0-3 * * *": ({0, 20, 40}, {0, 1, 2, 3}, lambda day: True),
    "10 0-23 * * *": ({10}, set(range(24)), lambda day: True),
}

# Asked of every real minute.
REAL_NEAR = {
    "30 * * * *": lambda local: local.minute == 30,
    "*/40 */2 * * *": lambda local: local.minute in (0, 40) and local.hour % 2 == 0,
}


def instants_of(local, zone):
    """The instants at which the zone's clocks show a local time: none, one or two."""
    found = set()
    for fold in (0, 1):
        instant = local.replace(tzinfo=zone, fold=fold).astimezone(timezone.utc)
        if instant.astimezone(zone).replace(tzinfo=None) == local:
            found.add(instant)
    return sorted(found)


def first_valid_after(local, zone):
    """The first instant after a jump over a local time: the instant of the first later local minute that exists."""
    while not instants_of(local, zone):
        local += MINUTE
    return instants_of(local, zone)[0]


def fixed_ticks(spec, zone, begin, end):
    minutes, hours, is_due = spec
    ticks = set()
    day = (begin - 2 * DAY).replace(hour=0, minute=0, tzinfo=None)
    while day <= end.replace(tzinfo=None) + 2 * DAY:
        if is_due(day):
            for hour in hours:
                for minute in minutes:
                    local = day.replace(hour=hour, minute=minute)
                    instants = instants_of(local, zone)
                    ticks.add(instants[0] if instants else first_valid_after(local, zone))
        day += DAY
    return sorted(tick for tick in ticks if begin <= tick < end)


def real_ticks(matches, zone, begin, end):
    ticks, at = [], begin
    while at < end:
        if matches(at.astimezone(zone)):
            ticks.append(at)
        at += MINUTE
    return ticks


def changes(zone):
    """The UTC days in which the zone's clocks change."""
    day = datetime(FIRST_YEAR, 1, 1, tzinfo=timezone.utc)
    while day.year <= LAST_YEAR:
        if day.astimezone(zone).utcoffset() != (day + DAY).astimezone(zone).utcoffset():
            yield day
        day += DAY


def row(zone, expression, begin, end, ticks):
    minutes = ",".join(str(int(tick.timestamp()) // 60) for tick in ticks)
    digest = hashlib.sha256(minutes.encode()).hexdigest()[:16]
    return [zone, expression, begin.strftime("%Y-%m-%dT%H:%MZ"), end.strftime("%Y-%m-%dT%H:%MZ"), len(ticks), digest]


def rows():
    for name in ZONES:
        zone = ZoneInfo(name)
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            begin, end = (datetime(y, 1, 1, tzinfo=timezone.utc) for y in (year, year + 1))
            for expression, spec in FIXED.items():
                yield row(name, expression, begin, end, fixed_ticks(spec, zone, begin, end))
        for day in changes(zone):
            begin, end = day - DAY / 2, day + 3 * DAY / 2
            for expression, spec in FIXED_NEAR.items():
                yield row(name, expression, begin, end, fixed_ticks(spec, zone, begin, end))
            for expression, matches in REAL_NEAR.items():
                yield row(name, expression, begin, end, real_ticks(matches, zone, begin, end))


print("[\n" + ",\n".join(json.dumps(one) for one in rows()) + "\n]")
