"""The shapes of requests and answers, for checking and for the OpenAPI document."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Hash = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
Signature = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{86}$")]
State = Literal["draft", "frozen", "open", "closed", "tallied", "annulled"]


class Strict(BaseModel):
    """Unknown fields are refused, nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ErrorOut(Strict):
    """An error: a stable word and a sentence for people."""

    error: str
    message: str


class ElectionOut(Strict):
    """An election. `manifest` is M, `election` the fingerprint F (empty before the freeze)."""

    id: str
    state: State
    title: dict[str, str]
    manifest: str
    election: str
    opens_at: str
    closes_at: str
    record: str


class ElectionsOut(Strict):
    """All elections that are frozen or further."""

    elections: list[ElectionOut]


class CodeIn(Strict):
    """Who wants a one-time code."""

    voter_id: Annotated[str, Field(min_length=1, max_length=100)]


class LoginIn(Strict):
    """Voter id and the one-time code from the mail."""

    voter_id: Annotated[str, Field(min_length=1, max_length=100)]
    code: Annotated[str, Field(min_length=1, max_length=40)]


class MeOut(Strict):
    """Who is logged in: public key, ballot style, weight, the latest ballot's tracker; whether struck, for paper."""

    voter: str
    style: str
    weight: int
    previous: str
    struck: bool


class Done(Strict):
    """Nothing more to say."""

    status: Literal["accepted", "logged_out"]


class BallotIn(Strict):
    """A ballot as section 6 has it, and the voter's signature over its tracker."""

    ballot: dict[str, Any]
    signature: Signature


class AuditedIn(Strict):
    """The tracker of a ballot that was opened."""

    tracker: Hash


class OpeningIn(Strict):
    """A trustee's signature under the tag `open`."""

    election: Hash
    trustee: Annotated[int, Field(ge=1, le=64)]
    signature: Signature


class IntentIn(Strict):
    """A signer's one intent: which log is counted. Exactly one of trustee and observer."""

    election: Hash
    size: Annotated[int, Field(ge=1)]
    root: Hash
    counted: Hash
    trustee: Annotated[int, Field(ge=1, le=64)] | None = None
    observer: Annotated[int, Field(ge=0)] | None = None
    signature: Signature


class PartialIn(Strict):
    """A partial as section 9 has it."""

    version: Literal[1]
    election: Hash
    trustee: Annotated[int, Field(ge=1, le=64)]
    size: Annotated[int, Field(ge=1)]
    root: Hash
    counted: Hash
    parts: list[dict[str, Any]]


class PartialsOut(Strict):
    """The partial decryptions handed in so far, ascending by trustee."""

    partials: list[dict[str, Any]]


class ConsistencyOut(Strict):
    """The hashes that prove that one log continues another (RFC 9162)."""

    old: int
    new: int
    proof: list[Hash]


class EntryOut(Strict):
    """An entry's canonical text, and the hashes from its leaf to the root of the log asked for."""

    entry: str
    inclusion_proof: list[Hash]


class EntriesOut(Strict):
    """Entries, ascending, proved in the log of `size`."""

    size: int
    entries: list[EntryOut]


class OptionOut(Strict):
    """An option's part of a result; `total` is null in a ranking and where a contest is withheld."""

    id: str
    label: dict[str, str]
    total: int | None
    cost: int | None
    elected: bool
    tied: bool
    abstain: bool


class PairOut(Strict):
    """How much weight puts one option of a ranking above another."""

    option: str
    over: str
    total: int


class ContestOut(Strict):
    """A contest's result; withheld, and without totals, where too few ballots would show votes."""

    id: str
    title: dict[str, str]
    ballots: int
    weight: int
    withheld: bool
    options: list[OptionOut]
    pairs: list[PairOut]


class ResultOut(Strict):
    """A result. `election` is the fingerprint F; the certificates are in the record's tally.json."""

    id: str
    title: dict[str, str]
    election: str
    eligible: int
    ballots_on_board: int
    contests: list[ContestOut]


class TurnoutHourOut(Strict):
    """An hour in which ballots were accepted; `voters` counts all who had voted by its end."""

    begins: str
    ballots: int
    voters: int


class TurnoutOut(Strict):
    """Turnout, hour by hour."""

    id: str
    eligible: int
    ballots: int
    voters: int
    hours: list[TurnoutHourOut]


class MailOut(Strict):
    """A mail of the demo's outbox."""

    to: str
    subject: str
    text: str
    time: str


class OutboxOut(Strict):
    """The newest mails first."""

    messages: list[MailOut]
