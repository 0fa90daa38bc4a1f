"""Texts of the demonstration's consultations, and what people contribute to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from participation.consultations.acts import ConsultationData
from participation.consultations.kinds import PhaseKind, ReportOutcome

OPEN_DAYS = 28

SEATTLE = ConsultationData(
    "en",
    "15 dollars an hour in Seattle?",
    "How do you think the new minimum wage law will affect Seattle? Will it be for the better or for the worse?",
    "A real consultation of 2014: the statements of its participants, and the answers of 339 of them. Statements "
    "that its moderators refused are taken down here too.\n\nPolis open data, pol.is, CC BY 4.0.",
    0,
)
CHICAGO = ConsultationData(
    "en",
    "500,000 dollars for the 39th Ward of Chicago",
    "Which projects shall the ward pay for? Compare what two rules make of 1,536 real ballots.",
    "Participatory budgeting of 2021: 22 projects with their real costs, each voter approves up to five. The "
    "published data name projects by number.\n\nL. Gelauff and A. Goel, Participatory Budgeting Preferences Data Set, "
    "Stanford Digital Repository (2024), by way of Pabulib.",
    0,
)


@dataclass(frozen=True)
class Written:
    """Something that somebody writes: how many stand behind it, and comments on it."""

    text: str
    title: str = ""
    behind: int = 0
    comments: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    """A part of a consultation to make.

    Attributes:
        seed: Of a survey its questions, of a document its text.
        answers: To a survey, one each: for each question the place of an option, or a step of the scale.
    """

    kind: PhaseKind
    title: str
    text: str
    seed: str = ""
    written: Sequence[Written] = ()
    answers: Sequence[Sequence[int]] = ()


@dataclass(frozen=True)
class Example:
    """A consultation to make; `begun` days ago, open for `days`, and answered where there is a report.

    Attributes:
        lines: Of the report: (what was said, outcome, what is done), one for each thing written.
    """

    texts: ConsultationData
    begun: int
    days: int
    parts: Sequence[Part]
    report: str = ""
    lines: Sequence[tuple[str, ReportOutcome, str]] = ()


_SURVEY = """How often do you cross the square? [one!]
- Every day
- Every week
- Less often
What is missing there? [many]
- Shade
- Benches
- A place to play
- Space for a market
How safe do you feel there at night? [scale]"""
_ANSWERS = ((0, 1, 4), (0, 3, 2), (1, 2, 3), (1, 0, 4), (0, 1, 5), (2, 2, 2), (1, 0, 3), (0, 0, 4), (1, 3, 4))
_DRAFT = """# The square

The car park is closed. Deliveries stay possible in the morning.

The paving is light, so that it stays cool. Rain goes to the trees.

# At night

Lamps are dimmed from eleven. The way to the bridge stays lit."""

SQUARE = Example(
    ConsultationData(
        "en",
        "What shall the square at the river become?",
        "The car park at the river is given up next year. Say how you use the square, what it should hold, and what "
        "you think of the draft.",
        "The council decides in the autumn, on the report that follows this consultation.",
        0,
    ),
    begun=6,
    days=OPEN_DAYS,
    parts=(
        Part(
            PhaseKind.SURVEY,
            "How you use the square",
            "Two minutes; nobody sees who answered what.",
            seed=_SURVEY,
            answers=_ANSWERS,
        ),
        Part(
            PhaseKind.PROPOSALS,
            "What it should hold",
            "Write what you want to see there, stand behind what others wrote, or amend it.",
            written=(
                Written(
                    "Plant two rows of lime trees from the street down to the water, so that one walks in the shade.",
                    "Two rows of lime trees",
                    14,
                    ("Trees need years. Awnings in the first summers would help.", "Keep the old plane tree too."),
                ),
                Written(
                    "Leave the middle free, with water and power below the paving, for a market on Saturdays.",
                    "A market on Saturdays",
                    9,
                    ("The lorries must be able to leave before noon.",),
                ),
                Written("Build wide steps down to the river, and a ramp beside them.", "Steps down to the water", 17),
            ),
        ),
        Part(
            PhaseKind.DOCUMENT,
            "The draft",
            "Tick the sentences that you want to say something about.",
            seed=_DRAFT,
        ),
    ),
)
BUSES = Example(
    ConsultationData("fa", "خط‌های شبانهٔ اتوبوس", "شب‌ها پس از ساعت یازده کدام خط‌ها باید کار کنند؟", "", 0),
    begun=60,
    days=21,
    parts=(
        Part(
            PhaseKind.DISCUSSION,
            "شب‌ها چگونه به خانه می‌روید؟",
            "بنویسید کدام راه را شب‌ها می‌روید و چه کم است.",
            written=(
                Written(
                    "پس از پایان کار در بیمارستان هیچ اتوبوسی نیست و باید نیم ساعت پیاده برویم.",
                    comments=("در کتابخانه هم همین‌طور است.",),
                ),
                Written("یک خط حلقه‌ای که هر نیم ساعت از ایستگاه راه‌آهن بگذرد کافی است."),
                Written("ایستگاه‌ها شب‌ها تاریک‌اند. پیش از خط تازه چراغ بگذارید."),
            ),
        ),
    ),
    report="پرسیدیم شب‌ها چه کم است. سه خواسته بیش از همه تکرار شد؛ پاسخ ما به هر کدام در زیر آمده است.",
    lines=(
        (
            "پس از پایان کار در بیمارستان اتوبوسی نیست.",
            ReportOutcome.DONE,
            "خط بیمارستان از اول ماه آینده تا ساعت یک شب کار می‌کند.",
        ),
        (
            "یک خط حلقه‌ای هر نیم ساعت کافی است.",
            ReportOutcome.LATER,
            "هزینهٔ این خط را تا پایان سال بررسی و نتیجه را همین‌جا منتشر می‌کنیم.",
        ),
        (
            "ایستگاه‌ها تاریک‌اند.",
            ReportOutcome.PARTLY,
            "در دوازده ایستگاه چراغ می‌گذاریم؛ برای بقیه هنوز بودجه‌ای نیست.",
        ),
    ),
)
EXAMPLES = (BUSES, SQUARE)
