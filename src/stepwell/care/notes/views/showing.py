"""The group room as its page shows it: each row with what stands in it, what is wrong with it, and how far it is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepwell.care.encounters.leading import Part, may_in, part_in
from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.encounters.rules import DOOR_OPENS, Mark
from stepwell.care.encounters.words import MARKS
from stepwell.care.notes import words
from stepwell.care.notes.facts import Fact, before_they_leave
from stepwell.care.notes.forms import RowForm, SharedForm
from stepwell.care.notes.room import Room, RowText, Seat, digest
from stepwell.care.notes.rules.readiness import Lacks, Obstacle, in_shared_note
from stepwell.care.scheduling.models import GroupSession
from stepwell.trust.access import Permission
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient

#: What is shown as soon as it is written; the rest is only said when somebody signs.
AT_ONCE = {Lacks.SAME_WORDS, Lacks.NAMES_SOMEBODY, Lacks.SHARED_NAMES_SOMEBODY}

#: The letter on each key.
LETTERS = {Mark.HERE: "H", Mark.VIDEO: "V", Mark.LATE: "L", Mark.ABSENT: "A"}


class Status(StrEnum):
    UNMARKED = "unmarked"
    ABSENT = "absent"
    TO_DO = "todo"
    CHECK = "check"
    DONE = "done"
    SIGNED = "signed"


@dataclass(frozen=True)
class Theirs:
    """What somebody else saved while this writer wrote."""

    by: str
    at: datetime | None
    facts: list[tuple[str, str]]


@dataclass
class Row:
    """One line of the roster."""

    seat: Seat
    form: RowForm
    writes: bool
    marks: bool
    planned: int
    chart: bool = False
    facts: list[Fact] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    theirs: Theirs | None = None

    @property
    def key(self) -> str:
        return self.seat.key.hex

    @property
    def name(self) -> str:
        return self.seat.patient.short_name

    @property
    def version(self) -> str:
        """Another one, when this reader would see something else in this row."""
        seat = self.seat
        return digest(
            seat.text.seen_by(writes=self.writes),
            self.may_change,
            self.may_mark,
            seat.is_signed,
            seat.is_absent,
        )

    @cached_property
    def status(self) -> Status:
        seat = self.seat
        if seat.is_signed:
            return Status.SIGNED
        if seat.is_absent:
            return Status.ABSENT
        if seat.encounter is None:
            return Status.UNMARKED
        lacking = {obstacle.lacks for obstacle in self.obstacles}
        if lacking & AT_ONCE:
            return Status.CHECK
        return Status.TO_DO if Lacks.NO_LINE in lacking else Status.DONE

    @property
    def errors(self) -> list[str]:
        return (
            [str(error) for errors in self.form.errors.values() for error in errors]
            if self.form.is_bound
            else []
        )

    def has_error(self, name: str) -> bool:
        return self.form.is_bound and name in self.form.errors

    @property
    def is_not_over(self) -> bool:
        return any(obstacle.lacks is Lacks.NOT_OVER for obstacle in self.obstacles)

    @property
    def minutes_wrong(self) -> bool:
        return self.has_error("minutes")

    @property
    def mark_wrong(self) -> bool:
        return self.has_error("mark")

    @property
    def mark_options(self) -> list[tuple[str, str, str, bool]]:
        """Value, letter, word, and whether it is chosen."""
        chosen = self.form["mark"].value() or ""
        return [(mark.value, LETTERS[mark], str(said), mark == chosen) for mark, said in MARKS.items()]

    @property
    def part_options(self) -> list[tuple[int, str, bool]]:
        chosen = str(self.form["took_part"].value() or "")
        return [(value, str(said), str(value) == chosen) for value, said in Encounter.TookPart.choices]

    @property
    def goal_options(self) -> list[tuple[str, str, bool]]:
        chosen = str(self.form["goal"].value() or "")
        return [
            (str(goal.pk), f"{goal.position} {goal.label}", str(goal.pk) == chosen)
            for goal in self.seat.goals
        ]

    @property
    def reason_options(self) -> list[tuple[str, str, bool]]:
        chosen = self.form["reason"].value() or Absence.Reason.UNKNOWN.value
        return [(value, str(said), value == chosen) for value, said in Absence.Reason.choices]

    @property
    def shows_absent(self) -> bool:
        return self.seat.is_absent and (self.form["mark"].value() or "") == Mark.ABSENT

    @property
    def is_whole_time(self) -> bool:
        value = self.form["minutes"].value()
        return value in (None, "") or str(value) == str(self.planned)

    @property
    def may_change(self) -> bool:
        return self.marks and not self.seat.is_signed

    @property
    def may_mark(self) -> bool:
        return self.may_change and not self.seat.is_attendance_signed

    @property
    def mark_words(self) -> str:
        text = self.seat.text
        return str(MARKS[Mark(text.mark)]) if text.mark else ""

    @property
    def short_fact(self) -> str:
        """The most pressing of the day, in few words; the others stand in Before they leave."""
        return next((fact.short for fact in self.facts if fact.short), "")


def told_by(text: RowText, seat: Seat) -> list[tuple[str, str]]:
    """What a row says, in words, for somebody who saved too late."""
    if not text.mark:
        return [(_("Attendance"), _("not marked"))]
    facts = [(_("Attendance"), str(MARKS[Mark(text.mark)]))]
    if text.mark == Mark.ABSENT:
        return [*facts, (_("Reason"), str(dict(Absence.Reason.choices)[text.reason]))]
    facts.append((_("Minutes"), str(text.minutes)))
    if text.took_part:
        facts.append((_("Took part"), str(dict(Encounter.TookPart.choices)[text.took_part])))
    if goal := next((goal for goal in seat.goals if goal.pk == text.goal), None):
        facts.append((_("Goal"), goal.label))
    if text.line:
        facts.append((_("Line"), text.line))
    return facts


@dataclass
class RoomPage:
    """Everything on the page of one session."""

    room: Room
    reader: User
    at: datetime
    #: Forms that were posted and not accepted, by appointment.
    posted: Mapping[UUID, RowForm] = field(default_factory=dict)
    theirs: Mapping[UUID, Theirs] = field(default_factory=dict)
    shared_posted: SharedForm | None = None
    shared_theirs: Theirs | None = None
    #: Somebody pressed Sign: say everything that is lacking.
    is_signing: bool = False
    tells_facts: bool = True

    @property
    def session(self) -> GroupSession:
        return self.room.session

    @cached_property
    def marks(self) -> bool:
        return may_in(self.reader, Permission.MARK_ATTENDANCE, self.session) and not self.is_cancelled

    @cached_property
    def writes(self) -> bool:
        return may_in(self.reader, Permission.WRITE_NOTE, self.session) and not self.is_cancelled

    @cached_property
    def signs(self) -> bool:
        return may_in(self.reader, Permission.SIGN_NOTE, self.session) and not self.is_cancelled

    @property
    def looks_on(self) -> bool:
        return part_in(self.reader, self.session) is Part.LOOKS_ON

    @property
    def is_cancelled(self) -> bool:
        return self.session.status == GroupSession.Status.CANCELLED

    @property
    def is_open(self) -> bool:
        return self.at >= self.opens_at

    @property
    def opens_at(self) -> datetime:
        return self.session.starts_at - DOOR_OPENS

    @cached_property
    def obstacles(self) -> tuple[Obstacle, ...]:
        return self.room.obstacles(self.at)

    @cached_property
    def facts(self) -> list[Fact]:
        if self.looks_on or not self.tells_facts:
            return []
        people = [seat.patient for seat in self.room.seats]
        return before_they_leave(self.session, people, reader=self.reader, at=self.at)

    @cached_property
    def rows(self) -> list[Row]:
        about: dict[object, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            if fact.patient:
                about[fact.patient.pk].append(fact)
        by_row: dict[object, list[Obstacle]] = defaultdict(list)
        for obstacle in self.obstacles:
            by_row[obstacle.row].append(obstacle)
        return [
            Row(
                seat,
                self.posted.get(seat.key) or RowForm(seat=seat, writes=self.writes),
                writes=self.writes,
                marks=self.marks,
                planned=self.session.minutes,
                chart=seat.patient.pk in self._charts,
                facts=about[seat.patient.pk],
                obstacles=by_row[seat.key],
                warnings=self._warnings(by_row[seat.key]),
                theirs=self.theirs.get(seat.key),
            )
            for seat in self.room.seats
        ]

    @cached_property
    def _charts(self) -> set[UUID]:
        """Whose chart the reader may open."""
        if not self.tells_facts:
            return set()
        visible = Patient.objects.visible_to(self.reader, Permission.SEE_CHART)
        return set(
            visible.filter(pk__in=[seat.patient.pk for seat in self.room.seats]).values_list("pk", flat=True)
        )

    def _warnings(self, obstacles: Iterable[Obstacle]) -> list[str]:
        if not self.writes:
            return []
        return [
            self._in_words(each)
            for each in obstacles
            if each.lacks in AT_ONCE or (self.is_signing and each.lacks is not Lacks.NOT_OVER)
        ]

    def row(self, key: UUID) -> Row:
        return next(row for row in self.rows if row.seat.key == key)

    # ---------- the shared note ----------

    @cached_property
    def shared(self) -> SharedForm:
        return self.shared_posted or SharedForm(stored=self.room.shared_text)

    @cached_property
    def shared_warnings(self) -> dict[str, list[str]]:
        said: dict[str, list[str]] = defaultdict(list)
        for obstacle in self.obstacles:
            if obstacle.row is None and obstacle.field and (obstacle.lacks in AT_ONCE or self.is_signing):
                said[obstacle.field].append(words.obstacle(obstacle))
        if self.shared.is_bound:
            for name, errors in self.shared.errors.items():
                said[name].extend(str(error) for error in errors)
        return dict(said)

    @property
    def may_change_shared(self) -> bool:
        return self.writes and not self.room.signed

    # ---------- how far it is ----------

    @property
    def is_marked(self) -> bool:
        return bool(self.room.seats) and not self.room.unmarked

    @property
    def is_shared_done(self) -> bool:
        return not any(
            obstacle.row is None and obstacle.field in {"topic", "what_we_did", "method", "safety"}
            for obstacle in self._whole_shared
        )

    @cached_property
    def _whole_shared(self) -> tuple[Obstacle, ...]:
        members = [place.member for place in self.room.places]
        return tuple(in_shared_note(self.room.shared_text, members))

    @property
    def lines_done(self) -> int:
        return sum(row.status in {Status.DONE, Status.SIGNED} for row in self.rows)

    @property
    def lines_in_all(self) -> int:
        return len(self.room.attending)

    @property
    def is_ready(self) -> bool:
        return bool(self.room.to_sign) and not self.obstacles

    @property
    def step(self) -> int:
        """The first step that is not done."""
        if self.room.is_all_signed:
            return 5
        if not self.is_marked:
            return 1
        if not self.is_shared_done:
            return 2
        return 3 if self.lines_done < self.lines_in_all else 4

    @property
    def tally(self) -> str:
        """`12 expected: 8 here, 2 by video, 1 late, 1 absent. Took part: 1 listened, 2 some, 3 active`."""
        marked: dict[str, int] = defaultdict(int)
        took_part: dict[int, int] = defaultdict(int)
        for seat in self.room.seats:
            text = seat.text
            marked[text.mark] += 1
            if text.took_part:
                took_part[text.took_part] += 1
        expected = len(self.room.seats)
        parts = [
            said % {"n": marked[mark]}
            for mark, said in (
                (Mark.HERE, _("%(n)s here")),
                (Mark.VIDEO, _("%(n)s by video")),
                (Mark.LATE, _("%(n)s late")),
                (Mark.ABSENT, _("%(n)s absent")),
                ("", _("%(n)s not marked")),
            )
            if marked[mark]
        ]
        told = ngettext("%(n)s expected", "%(n)s expected", expected) % {"n": expected}
        told = f"{told}: {', '.join(parts)}" if parts else told
        if took_part:
            shares = ", ".join(
                f"{took_part[value]} {str(said).lower()}"
                for value, said in Encounter.TookPart.choices
                if took_part[value]
            )
            told = f"{told}. {_('Took part')}: {shares}"
        return told

    @property
    def left(self) -> str:
        """The headline of the action bar: what is left to do."""
        room = self.room
        if room.is_all_signed:
            return _("Everything is signed.")
        if not self.is_marked:
            names = [seat.patient.called for seat in room.unmarked]
            count = ngettext("%(n)s to mark", "%(n)s to mark", len(names)) % {"n": len(names)}
            return f"{count}: {_some(names)}"
        lines = [row for row in self.rows if row.status in {Status.TO_DO, Status.CHECK}]
        if lines:
            count = ngettext("%(n)s line left", "%(n)s lines left", len(lines)) % {"n": len(lines)}
            return f"{count}: {_some([self._whose(row) for row in lines])}"
        if not self.is_shared_done:
            return _("The shared note is not whole yet.")
        if self._not_over:
            return self._not_over[0]["message"]
        if self.obstacles:
            return self._in_words(self.obstacles[0])
        if not room.to_sign:
            return _("Nobody came, so there is no note to sign.")
        return _("Ready to sign.")

    def _in_words(self, obstacle: Obstacle) -> str:
        seat = next((seat for seat in self.room.seats if seat.key == obstacle.row), None)
        if seat is None:
            return words.obstacle(obstacle)
        zone = self.session.series.center.zone
        until = seat.encounter.ends_at.astimezone(zone) if seat.encounter else None
        return words.obstacle(obstacle, name=seat.patient.called, until=until)

    @staticmethod
    def _whose(row: Row) -> str:
        """`Brianna or Lucía` where two lines are the same."""
        same = next((o for o in row.obstacles if o.lacks is Lacks.SAME_WORDS), None)
        name = row.seat.patient.called
        return _("%(one)s or %(other)s") % {"one": same.others[0].names[0], "other": name} if same else name

    @property
    def then(self) -> str:
        """What will happen at signing, and to whom it will not."""
        room = self.room
        if room.is_all_signed:
            note = max((seat.note for seat in room.signed if seat.note), key=lambda note: str(note.signed_at))
            return _("Signed by %(who)s.") % {"who": note.signature}
        told = []
        if count := len(room.to_sign):
            told.append(
                ngettext("Then %(n)s note is ready to sign.", "Then %(n)s notes are ready to sign.", count)
                % {"n": count}
            )
        if absent := [seat.patient.called for seat in room.seats if seat.is_absent]:
            told.append(
                ngettext("%(who)s is absent: no note.", "%(who)s are absent: no note.", len(absent))
                % {"who": words.listed(absent)}
            )
        short = [
            _("%(who)s: %(minutes)s of %(planned)s min will count.")
            % {"who": seat.patient.called, "minutes": seat.encounter.minutes, "planned": self.session.minutes}
            for seat in room.attending
            if seat.encounter and seat.encounter.minutes < self.session.minutes
        ]
        return " ".join([*told, *short[:2]])

    @property
    def next_to_preview(self) -> Row | None:
        """The person whose note the button shows, until somebody chooses another."""
        attending = [row for row in self.rows if row.seat.encounter is not None]
        return next(
            (row for row in attending if row.status is Status.DONE), attending[0] if attending else None
        )

    @property
    def errors(self) -> list[dict[str, str]]:
        """Every refusal, each with the field it stands beside."""
        found = []
        for row in self.rows:
            for name in row.form.errors if row.form.is_bound else ():
                found += [
                    {"target": _target(row, name), "message": str(error)} for error in row.form.errors[name]
                ]
            if self.is_signing:
                found += [
                    {"target": _target(row, obstacle.field), "message": self._said(row, obstacle)}
                    for obstacle in row.obstacles
                    if obstacle.lacks is not Lacks.NOT_OVER
                ]
        if self.is_signing:
            found += self._not_over
        for name, messages in self.shared_warnings.items():
            if self.is_signing or (self.shared.is_bound and name in self.shared.errors):
                found += [{"target": f"id_shared-{name}", "message": message} for message in messages]
        return found

    def _said(self, row: Row, obstacle: Obstacle) -> str:
        message, name = self._in_words(obstacle), row.seat.patient.called
        return message if name in message else f"{name}: {message}"

    @property
    def _not_over(self) -> list[dict[str, str]]:
        """Whose minutes still run: said once for everybody who is here until the same time."""
        until: dict[datetime, list[Row]] = defaultdict(list)
        for row in self.rows:
            if row.is_not_over and row.seat.encounter:
                until[row.seat.encounter.ends_at].append(row)
        zone = self.session.series.center.zone
        return [
            {
                "target": _target(rows[0], "minutes"),
                "message": words.not_over([row.seat.patient.called for row in rows], at.astimezone(zone)),
            }
            for at, rows in sorted(until.items())
        ]


def _target(row: Row, name: str) -> str:
    return {"mark": f"m-{row.key}-here", "minutes": f"min-{row.key}", "reason": f"reason-{row.key}"}.get(
        name, f"line-{row.key}"
    )


def _some(names: list[str], most: int = 4) -> str:
    if len(names) <= most:
        return ", ".join(names)
    return _("%(some)s and %(n)s more") % {"some": ", ".join(names[: most - 1]), "n": len(names) - most + 1}
