"""How tuples of `api_words` become JSON."""

from tracker.api.rows import Json, matter, moment, person, person_or_none
from tracker.api.shapes import ROOT
from tracker.models import Post
from tracker.queries.api_words import Row


def extension(row: Row) -> Json:
    """One row of EXTENSION_COLUMNS."""
    (ref, code, title, author, author_name, asked_at, original_due_on, due_on, wanted_on, reason, state, decider,
     decider_name, decided_at, decision, granted_on, is_exemption, _revision, is_demo, revision) = row  # fmt: skip
    return {
        "ref": ref,
        "commitment": matter(code, title),
        "author": person(author, author_name),
        "asked_at": moment(asked_at),
        "original_due_on": original_due_on,
        "due_on": due_on,
        "wanted_on": wanted_on,
        "reason": reason,
        "state": state,
        "decided_by": person_or_none(decider, decider_name),
        "decided_at": moment(decided_at),
        "decision": decision,
        "granted_on": granted_on,
        "is_exemption": is_exemption,
        "is_demo": is_demo,
        "revision": revision,
        "url": f"{ROOT}/extensions/{ref}/",
    }


def blocker(row: Row) -> Json:
    """One row of BLOCKER_COLUMNS. Of a matter out of sight the title alone."""
    (ref, is_seen, code, title, author, author_name, raised_by, raised_at, category, text, post, post_title,
     department, department_name, wanted_by, state, answer, answerer, answerer_name, answered_at, _revision, is_demo,
     revision) = row  # fmt: skip
    return {
        "ref": ref,
        "commitment": matter(code, title) if is_seen else {"code": "", "title": title, "url": None},
        "author": person(author, author_name),
        "raised_by": raised_by or "",
        "raised_at": moment(raised_at),
        "category": category,
        "text": text,
        "wanted_from": {
            "code": post,
            "title": post_title,
            "department": {"code": department, "name": department_name},
        },
        "wanted_by": wanted_by,
        "state": state,
        "answer": answer,
        "answered_by": person_or_none(answerer, answerer_name),
        "answered_at": moment(answered_at),
        "is_demo": is_demo,
        "revision": revision,
        "url": f"{ROOT}/blockers/{ref}/",
    }


def instruction(row: Row) -> Json:
    """One row of INSTRUCTION_COLUMNS."""
    (ref, code, title, lead, lead_name, giver, giver_name, author, author_name, given_on, answer_due_on, text, state,
     answer, answerer, answerer_name, answered_at, _revision, is_demo, revision) = row  # fmt: skip
    return {
        "ref": ref,
        "commitment": matter(code, title),
        "given_by": person(giver, giver_name),
        "author": person(author, author_name),
        "given_on": given_on,
        "answer_due_on": answer_due_on,
        "asked_of": {"code": lead, "name": lead_name} if lead else None,
        "text": text,
        "state": state,
        "answer": answer,
        "answered_by": person_or_none(answerer, answerer_name),
        "answered_at": moment(answered_at),
        "is_demo": is_demo,
        "revision": revision,
        "url": f"{ROOT}/instructions/{ref}/",
    }


def post(row: Post) -> Json:
    """A post as people look for it, with its department; nothing of who holds it."""
    return {
        "code": row.code,
        "title": row.title,
        "department": {"code": row.department.code, "name": row.department.name},
    }
