"""The notice's own words beside what rests on them, where a user gives the text (``--notice``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jarlig.cli import files, screen
from jarlig.cli.help import pick
from jarlig.cli.trouble import Trouble

if TYPE_CHECKING:
    from jarlig.policy import model
    from jarlig.policy.notice import Notice


@dataclass(frozen=True)
class Beside:
    """A programme with the text of its notice, or without one."""

    programme: model.Programme
    notice: Notice | None = None
    lang: str = "en"

    @classmethod
    def of(cls, programme: model.Programme, file: str | None, lang: str) -> Beside:
        """The text of that file beside the programme; no file, no text.

        Raises:
            Trouble: the file cannot be read, or is another text altogether.
            PolicyError: it is no text.
        """
        if file is None:
            return cls(programme, None, lang)
        from jarlig.policy.notice import clause_text, fingerprint, read_notice

        notice = read_notice(files.text(file, lang), file)
        clauses = programme.clauses.values()
        if not any(fingerprint(clause_text(notice, clause) or "") == clause.sha256 for clause in clauses):
            raise Trouble(
                f"{file} 不是本方案所依据的通知：没有一条的文本相同",
                f"{file} is not the notice of this programme: no clause of it is the same",
            )
        return cls(programme, notice, lang)

    def clause(self, clause: model.Clause, indent: str) -> None:
        """Prints the words of a clause, or that the text in hand is not the one that was encoded."""
        if self.notice is None:
            return
        from jarlig.policy.notice import clause_text, fingerprint

        words = clause_text(self.notice, clause)
        if words and fingerprint(words) == clause.sha256:
            screen.prose(f"“{words}”", indent)
        else:
            told = "（文本与编码时不同，请运行 check --notice） / (not the text that was encoded; run check --notice)"
            screen.prose(pick(told, self.lang), indent)

    def spans(self, offer: model.Offer) -> Mapping[str, str] | None:
        """The words that an offer's figures and conditions rest on, by their key; None without a text."""
        if self.notice is None:
            return None
        from jarlig.policy.notice import words_of

        found = {key: words_of(self.notice, self.programme, anchor) for key, anchor in offer.anchors.items()}
        return {key: words for key, words in found.items() if words}
