"""Policies: from YAML to decision tables and English, with inheritance and warnings."""

import datetime
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.inputs.policies.condition_parser import parse_condition as condition
from sim.inputs.policies.form import PolicyForm
from sim.inputs.policies.lint import lint
from sim.inputs.policies.means import CHANGES, MEANS, SEEN_MEANS
from sim.inputs.policies.named import load_policy
from sim.inputs.policies.policy import Policy, load_policy_file, read_policy
from sim.inputs.policies.sentences import sentences_of
from sim.inputs.yaml.files import home
from sim.inputs.yaml.text import parse
from sim.names.actions import ACTIONS, LANES, US_DRAW_DOWN, US_HOLD, US_STRIKE
from sim.names.actors import FACTIONS
from sim.names.address import address
from sim.names.perceptions import perceptions_of
from sim.names.tables import AT_LEAST, FALSE, FOREVER, MAX_RULES, MORE, POLICY, TRUE

START = datetime.date(2020, 1, 3)
SHIPPED = sorted((home() / "configs" / "policies").rglob("*.yaml"))
IN_KIND = """
policy: in-kind
actor: us
purpose: answer the dead
thresholds: {deaths: {uniform: [1, 5]}}
rules:
  - name: answer-the-dead
    when: us_killed_7d >= deaths and attribution > 0.7
    do: strike
    with: {target: badr, baghdad: notice}
    probability: 0.5
    cooldown: 7
    after: 2020-02-01
    until: 2020-12-31
    claim: [M21, "restraint-2020 [46]"]
  - name: always-protest
    do: protest
    once: true
    claim: "judgement: words are cheap"
otherwise:
  response: hold
  presence: {do: draw_down, with: {share: 0.25}}
"""


def policy(text: str) -> Policy:
    """Return the policy of a text."""
    return read_policy(parse(text, "policy.yaml"))


def of_rules(*rules: str, top: str = "") -> Policy:
    """Return a policy of Washington's from the inner text of its rules."""
    cited = [rule if "claim:" in rule else f"{rule}, claim: M06" for rule in rules]
    listed = "".join(f"  - {{name: rule-{k}, {rule}}}\n" for k, rule in enumerate(cited))
    return policy(f"policy: one\nactor: us\npurpose: a test\n{top}rules:\n{listed}")


def problems(text: str) -> list[str]:
    """Return the problems of a text, a line each."""
    with pytest.raises(InputError) as caught:
        policy(text)
    return str(caught.value).splitlines()


def test_a_rule_becomes_a_row() -> None:
    """Lane, action, key, chance, days and options stand where the world looks for them."""
    rule = policy(IN_KIND).table(START).table["rules"][0]
    assert LANES["us"][rule["lane"]] == "response"
    assert (rule["action"], rule["first"], rule["length"]) == (US_STRIKE, 0, 2)
    assert (rule["key"], rule["probability"], rule["cooldown"]) == (address("answer-the-dead"), 0.5, 7)
    assert (rule["after"], rule["until"], rule["once"], rule["claim"]) == (29, 363, 0, 21)
    assert rule["options"].tolist() == [1 + FACTIONS.index("badr"), 0, 1, 0]


def test_a_condition_becomes_rows() -> None:
    """Two comparisons, the second asked only when the first holds; the row of the threshold is told by name."""
    made = policy(IN_KIND).table(START)
    us = perceptions_of("us")
    assert made.table["code"][:2].tolist() == [
        (us["us_killed_7d"][0], AT_LEAST, 0.0, 1, FALSE), (us["attribution"][0], MORE, 0.7, TRUE, FALSE),
    ]  # fmt: skip
    assert made.threshold_rows == [("deaths", 0)]
    assert made.thresholds["deaths"].bounds() == (1, 5)


def test_defaults_stand_last_and_always_match() -> None:
    """What a lane does otherwise is a rule without condition, dates or luck, behind all others."""
    made = policy(IN_KIND).table(START)
    assert made.table["n_rules"] == 4
    assert made.rule_names == ("answer-the-dead", "always-protest", "otherwise: response", "otherwise: presence")
    hold, draw_down = made.table["rules"][2:4]
    assert (hold["action"], hold["length"], hold["probability"], hold["after"], hold["until"]) == (
        US_HOLD, 0, 1.0, 0, FOREVER,
    )  # fmt: skip
    assert (draw_down["action"], draw_down["options"][0]) == (US_DRAW_DOWN, 0.25)


def test_in_every_lane_the_default_comes_last() -> None:
    """The first that matches acts, so what is done otherwise stands behind the rules of its lane, those in order."""
    made = of_rules("do: suspend", "do: hold", "do: resume", top="otherwise: {response: hold, operations: resume}\n")
    names = [name for name in made.table(START).rule_names if name != "rule-1"]
    assert [name for name in names if name != "otherwise: response"] == ["rule-0", "rule-2", "otherwise: operations"]


def test_an_empty_policy_is_an_empty_table() -> None:
    """Without rules and defaults nothing is set but the count, which is 0."""
    made = policy("policy: none\nactor: iran\npurpose: do nothing").table(START)
    assert made.table.dtype == POLICY
    assert made.table == np.zeros((), POLICY)


def test_a_policy_is_said_in_numbered_sentences_with_sources() -> None:
    """When, what, how often, on whose word."""
    first, second, third, _ = sentences_of(policy(IN_KIND))
    assert first.startswith("1. answer-the-dead. When US personnel killed by hostile action")
    assert "at least 'deaths' (uniform from 1 to 5) and belief in the likeliest perpetrator" in first
    assert first.endswith("with probability 0.5, then not again for 7 days, from 2020-02-01 on, until 2020-12-31. "
                          "[M21; restraint-2020 [46]]")  # fmt: skip
    assert second == (
        "2. always-protest. Always: protest to Baghdad instead of striking, once only. [judgement: words are cheap]"
    )
    assert third == "3. Otherwise (response): hold fire for today; the attack stays unanswered until it is too old."


def test_an_extending_policy_merges_maps_and_replaces_rules(tmp_path: Path) -> None:
    """Thresholds and defaults of the base remain, its rules go; null deletes a default."""
    (tmp_path / "in-kind.yaml").write_text(IN_KIND)
    (tmp_path / "milder.yaml").write_text(
        "policy: milder\nactor: us\npurpose: milder\nextends: in-kind\nthresholds: {wounded: 20}\n"
        "rules: [{name: one, do: suspend, when: us_wounded_7d > wounded}]\n"
        "otherwise: {response: protest, presence: null}"
    )
    milder = load_policy_file(tmp_path / "milder.yaml")
    assert set(milder.thresholds) == {"deaths", "wounded"}
    assert {rule.name for rule in milder.all_rules} == {"one", "otherwise: response"}
    assert milder.otherwise[0].deed.action.name == "protest"


def test_a_distribution_is_replaced_whole(tmp_path: Path) -> None:
    """A threshold of another kind does not mix with the base's."""
    (tmp_path / "in-kind.yaml").write_text(IN_KIND)
    (tmp_path / "other.yaml").write_text(
        "policy: other\nactor: us\npurpose: other\nextends: in-kind\nthresholds: {deaths: {normal: [3, 1]}}"
    )
    assert load_policy_file(tmp_path / "other.yaml").thresholds["deaths"].kind == "normal"


def test_one_does_not_extend_another_actors_policy(tmp_path: Path) -> None:
    """The problem stands at extends, not somewhere in the other's rules."""
    (tmp_path / "hers.yaml").write_text("policy: hers\nactor: iran\npurpose: x")
    (tmp_path / "mine.yaml").write_text("policy: mine\nactor: us\npurpose: x\nextends: hers")
    with pytest.raises(InputError, match=r"mine.yaml:4:10: extends: expected a policy of 'us', got one of 'iran'"):
        load_policy_file(tmp_path / "mine.yaml")


def test_a_fault_in_the_base_is_told_in_the_base(tmp_path: Path) -> None:
    """A problem names the file in which the value stands."""
    (tmp_path / "base.yaml").write_text("policy: base\nactor: us\npurpose: x\notherwise: {response: hld}")
    (tmp_path / "mine.yaml").write_text("policy: mine\nactor: us\npurpose: x\nextends: base")
    with pytest.raises(InputError, match=r"base.yaml:4:23: otherwise.response: .* did you mean 'hold'"):
        load_policy_file(tmp_path / "mine.yaml")


def test_a_policy_is_loaded_by_name_for_its_actor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of the actor is searched; another actor's policy there is refused, an unknown name is nearly known."""
    folder = tmp_path / "configs" / "policies" / "us"
    folder.mkdir(parents=True)
    monkeypatch.setenv("CROSSFIRE_HOME", str(tmp_path))
    (folder / "in-kind.yaml").write_text(IN_KIND)
    (folder / "stray.yaml").write_text("policy: stray\nactor: iran\npurpose: x")
    assert load_policy("us", "in-kind").name == "in-kind"
    with pytest.raises(InputError, match="expected a policy of 'us', got one of 'iran'"):
        load_policy("us", "stray")
    with pytest.raises(InputError, match="did you mean 'in-kind'"):
        load_policy("us", "inkind")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("do: strike, with: {weight: 1}", "expected 'proportionate' or 'heavy', got 1"),
        ("do: withdraw, with: {days: 1}", r"a number from 14 to 1000 \(days\), got 1"),
        ("do: withdraw, with: {days: true}", "got true"),
        ("do: hold, with: {days: 10}", "no options, as 'hold' has none"),
        ("do: hold, claim: because", "'judgement: why'"),
        ("do: hold, claim: [M21, M99]", "got 'M99'"),
        ("do: hold, when: true", "leave 'when' out"),
        ("do: hold, once: 1", "true or false, got 1"),
        ("do: hold, after: soon", "a date such as 2020-01-03, got 'soon'"),
        ("do: hold, cooldown: 1.5", "a whole number, got 1.5"),
        ("when: talks_open", "expected the key 'do', got nothing"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused(rule: str, words: str) -> None:
    """Options, claims and limits are typed; each refusal says what would do."""
    with pytest.raises(InputError, match=words):
        of_rules(rule)


def test_names_of_rules_are_told_apart() -> None:
    """Two rules of one name would share their luck."""
    twice = "rules: [{name: one, do: hold}, {name: one, do: protest}]"
    (said,) = problems(f"policy: x\nactor: us\npurpose: x\n{twice}")
    assert "4:39: rules.1.name: expected a name that no other rule of the policy has" in said


@pytest.mark.parametrize("name", ["attribution", "and", "Deaths", "two-words"])
def test_a_threshold_needs_a_name_of_its_own(name: str) -> None:
    """A threshold named like a perception, or not to be written in a condition, is refused at its key."""
    (said,) = problems(f"policy: x\nactor: us\npurpose: x\nthresholds: {{{name}: 3}}")
    assert "4:14" in said


def test_lanes_and_their_actions_belong_together() -> None:
    """A default names a lane of the actor and an action of that lane."""
    said = problems("policy: x\nactor: us\npurpose: x\notherwise: {respons: hold, talks: hold}")
    assert "4:13: otherwise.respons" in said[0]
    assert "did you mean 'response'" in said[0]
    assert "expected an action of lane 'talks'" in said[1]


def test_a_world_has_room_for_so_many_rules_and_no_more() -> None:
    """One rule too many is refused when it is read, not when it is run."""
    assert len(of_rules(*["do: hold"] * MAX_RULES).rules) == MAX_RULES
    with pytest.raises(InputError, match=f"at most {MAX_RULES} rules and defaults, got {MAX_RULES + 1}"):
        of_rules(*["do: hold"] * (MAX_RULES + 1))
    with pytest.raises(InputError, match="at most 96 comparisons in all"):
        of_rules(*["do: hold, when: " + " and ".join(["talks_open"] * 49)] * 2)


def said_of(*rules: str, top: str = "") -> list[str]:
    """Return the warnings of rules, a line each."""
    return [str(one) for one in lint(of_rules(*rules, top=top))]


def test_warnings_name_what_never_acts() -> None:
    """An impossible condition, a rule behind one that always acts, and a threshold that no rule uses."""
    said = said_of(
        "do: strike, when: attribution > 1 and attribution < 0.5", "do: hold", "do: protest", "do: suspend",
        "do: refuse, probability: 0", top="thresholds: {idle: 3}\n",
    )  # fmt: skip
    assert [line.split(": ")[1] for line in said] == ["rules.rule-0", "rules.rule-2", "rules.rule-4", "thresholds.idle"]
    assert "policy.yaml:6:38: " in said[0]
    assert "one behind 'rule-1'" in said[1]
    assert "policy.yaml:4:14: " in said[3]


@pytest.mark.parametrize(
    ("earlier", "later", "shadowed"),
    [
        ("do: hold, when: case_killed >= 1", "do: protest, when: case_killed >= 2 and attribution > 0.5", True),
        ("do: hold, when: case_killed >= 2", "do: protest, when: case_killed >= 1", False),
        ("do: hold, when: us_killed_30d >= 1", "do: protest, when: us_killed_7d >= 3", True),
        ("do: hold, when: us_killed_7d >= 1", "do: protest, when: us_killed_30d >= 3", False),
        ("do: hold, when: case_killed >= few", "do: protest, when: case_killed >= few and talks_open", True),
        ("do: hold, when: case_killed >= few", "do: protest, when: case_killed >= 2", False),
        ("do: hold", "do: strike", False),
        ("do: hold", "do: suspend", False),
        ("do: refuse", "do: offer_talks, when: talks_open", True),
    ],
)
def test_a_rule_in_the_shadow_of_an_earlier_one_is_told(earlier: str, later: str, shadowed: bool) -> None:
    """It is certain only where the earlier condition holds whenever the later does, and lacks no means that it has."""
    told = [line for line in said_of(earlier, later, top="thresholds: {few: {uniform: [1, 3]}}\n") if "turn" in line]
    assert bool(told) == shadowed


def test_two_rules_can_shadow_a_third_between_them() -> None:
    """And a default that never has its turn is one of them."""
    rules = ("do: refuse, when: talks_open", "do: refuse, when: not talks_open")
    assert "behind 'rule-0' and 'rule-1'" in said_of(*rules, "do: offer_talks, when: demand_made")[0]
    (told,) = said_of(*rules, top="otherwise: {talks: offer_talks}\n")
    assert "rules.otherwise: talks" in told


def test_a_condition_that_says_nothing_is_told() -> None:
    """One that always holds is no condition; the column is its own."""
    (told,) = said_of("do: suspend, when: us_killed_7d >= 0")
    assert "policy.yaml:5:39" in told
    assert "which always holds" in told


def test_a_rule_without_a_claim_is_told() -> None:
    """Every rule says what it rests on."""
    assert "expected a claim" in str(lint(policy("policy: x\nactor: us\npurpose: x\nrules: [{name: a, do: hold}]"))[0])


def test_the_means_are_those_of_the_rules() -> None:
    """An action has means in words exactly where the model's rules give it any."""
    sources = [path.read_text() for path in (home() / "sim" / "world").glob("*.py")]
    given = dict(re.findall(r"can\[\w+, (\w+)\] = (.+)", "\n".join(sources)))
    for actor, actions in ACTIONS.items():
        prefix = {"us": "US", "iran": "IRAN", "government": "GOV", "factions": "FACTION"}[actor]
        ruled = {name: how for name, how in given.items() if name.startswith(f"{prefix}_")}
        always = {name for name, how in ruled.items() if how.strip() == "1"}
        assert len(ruled) == len(actions)
        assert len(MEANS[actor]) == len(actions) - len(always)
        assert not always & {f"{prefix}_{name.upper()}" for name in MEANS[actor]}


@pytest.mark.parametrize("limit", ["probability: 0.5", "cooldown: 3", "once: true", "after: 2020-02-01"])
def test_a_rule_with_limits_hides_nothing(limit: str) -> None:
    """Behind a rule that acts only now and then, another has its turn."""
    assert lint(of_rules(f"do: hold, {limit}", "do: protest")) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_shipped_policy_is_whole(path: Path) -> None:
    """Every shipped policy is read for its actor, makes a table and sentences, and gives no warning."""
    shipped = load_policy_file(path, path.parent.name)
    assert shipped.table(START).table["n_rules"] == len(sentences_of(shipped))
    assert lint(shipped) == []


def test_editors_can_be_given_a_schema() -> None:
    """The form of a policy file is known to JSON Schema."""
    schema = PolicyForm.model_json_schema()
    assert set(schema["$defs"]["RuleForm"]["properties"]) >= {"name", "when", "do", "with", "claim"}


@pytest.mark.parametrize("text", ["actor: [us]", "actor: {}", "actor: us\notherwise: {response: [hold]}",
                                  "actor: us\notherwise: {response: {do: {}}}", "[]", "3", "rules: 3"])  # fmt: skip
def test_lists_and_maps_for_words_are_refused(text: str) -> None:
    """What cannot be a name is a problem like any other."""
    assert problems(text)


@given(st.sampled_from(sorted(ACTIONS)), st.dictionaries(
    st.sampled_from(["rules", "otherwise", "thresholds", "extends", "purpose", "policy"]),
    st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6)),
                 lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(
                     st.sampled_from(["name", "do", "when", "with", "claim", "response", "fire"]), inner)),
                 max_leaves=6)))  # fmt: skip
def test_no_values_make_the_reader_crash(actor: str, values: dict[str, object]) -> None:
    """Whatever the map, it is a policy or an InputError."""
    try:
        policy(json.dumps({"actor": actor, **values}))
    except InputError as error:
        assert error.problems


# One policy on another -------------------------------------------------------------------------------------------

ON = "policy: mine\nactor: us\npurpose: x\nextends: in-kind\n"


def on_in_kind(folder: Path, text: str) -> Policy:
    """Return a policy that extends the one above, from the rest of its text."""
    (folder / "in-kind.yaml").write_text(IN_KIND)
    (folder / "mine.yaml").write_text(ON + text)
    return load_policy_file(folder / "mine.yaml")


def test_single_rules_are_changed_dropped_and_added(tmp_path: Path) -> None:
    """What is not said stays: options, limits, claims, order."""
    changed = on_in_kind(
        tmp_path,
        "change:\n"
        "  answer-the-dead: {with: {target: suspect}, cooldown: null, probability: 1}\n"
        "  always-protest: null\n"
        "add:\n"
        "  - {name: first, do: consolidate, claim: M24}\n"
        "  - {name: last, before: otherwise, do: refuse, claim: M21}\n"
        "  - {name: sooner, before: answer-the-dead, do: protest, once: true, claim: M21}\n",
    )
    assert [rule.name for rule in changed.rules] == ["first", "sooner", "answer-the-dead", "last"]
    answer = changed.rules[2]
    assert (answer.deed.options, answer.cooldown, answer.probability) == ((0.0, 0.0, 1.0, 0.0), 0, 1.0)
    assert (answer.after, answer.claims) == (datetime.date(2020, 2, 1), ("M21", "restraint-2020 [46]"))
    assert (answer.place.file, answer.place.line) == (str(tmp_path / "mine.yaml"), 6)
    assert answer.condition is not None
    assert answer.condition.file == str(tmp_path / "in-kind.yaml")
    assert lint(changed) == []


def test_another_action_begins_with_options_of_its_own(tmp_path: Path) -> None:
    """A target is none of a protest's."""
    changed = on_in_kind(tmp_path, "change: {answer-the-dead: {do: protest}}\n")
    assert changed.rules[0].deed.options == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("change: {answer-the-ded: null}", "mine.yaml:5:10: change.answer-the-ded: expected a rule of 'in-kind'"),
        ("change: {always-protest: {do: protst}}", "mine.yaml:5:31: rules.1.do: expected an action of 'us'"),
        ("change: {always-protest: {colour: 3}}", "mine.yaml:5:27: rules.1.colour: expected a known key"),
        ("change: {always-protest: {name: b}}", "expected what is different (a rule keeps its name), got 'name'"),
        ("change: {always-protest: often}", "expected a map of what is different, or null to drop the rule"),
        ("change: [1]", "mine.yaml:5:9: change: expected a map of rules by name, got a list of 1"),
        ("add: {a: 1}", "mine.yaml:5:6: add: expected a list of rules, got a map of a"),
        ("add: [{do: hold}]", "mine.yaml:5:7: add.0: expected a rule with a name"),
        ("add: [{name: always-protest, do: hold}]", "'change' says what is different in a rule"),
        ("add: [{name: b, do: hold, before: c}]", "mine.yaml:5:35: add.0.before: expected a rule of the policy"),
        ("add: [{name: b, do: refuse, before: always-protest}]", "expected a rule of the lane talks"),
        ("rules: []\nadd: []", "mine.yaml:6:1: add: expected either 'rules', which replaces the list, or 'change'"),
    ],
)
def test_what_cannot_be_changed_or_added_is_told_with_its_place(text: str, words: str, tmp_path: Path) -> None:
    """In the file that says it."""
    with pytest.raises(InputError, match=re.escape(words)):
        on_in_kind(tmp_path, text + "\n")


def test_nothing_is_changed_where_nothing_is_extended() -> None:
    """There is no rule of another policy."""
    with pytest.raises(InputError, match=r"4:1: change: expected 'extends' above it, or 'rules' instead"):
        policy("policy: one\nactor: us\npurpose: x\nchange: {a: null}\n")


def test_a_list_of_rules_that_empties_lanes_is_warned_of(tmp_path: Path) -> None:
    """Unless the file says what is done there; and a threshold that is only inherited may lie idle."""
    rule = "rules:\n  - {name: a, do: refuse, claim: M21}\n"
    (told,) = map(str, lint(on_in_kind(tmp_path, rule)))
    assert (
        "mine.yaml:5:1: rules: expected rules in every lane in which 'in-kind' has some, got none in response" in told
    )
    assert lint(on_in_kind(tmp_path, rule + "otherwise: {response: protest}\n")) == []
    assert lint(on_in_kind(tmp_path, "otherwise: {response: protest}\n")) == []


# Conditions against means ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "rule", "told"),
    [
        ("government", "when: talks_open and legitimacy > 0.2, do: negotiate", "'negotiate' changes something"),
        ("government", "when: demand_made, do: demand", "'demand' has its means (not demand_made)"),
        ("government", "when: not demand_made, do: let_rest", ""),
        ("government", "when: talks_open or legitimacy > 0.2, do: negotiate", ""),
        ("us", "when: not attack_unanswered, do: protest", "(attack_unanswered)"),
        ("us", "when: operations_suspended and us_troops < 1 - 0, do: resume", None),
        ("us", "when: exit_decided and demand_made, do: accept_demand", "(not exit_decided)"),
        ("factions", "when: stake <= 0, do: table_motion", "(stake > 0)"),
    ],
)
def test_a_condition_against_the_means_of_its_action_is_warned_of(actor: str, rule: str, told: str | None) -> None:
    """Where both cannot be at once; anything else is let be."""
    text = f"policy: one\nactor: {actor}\npurpose: x\nrules:\n  - {{name: a, {rule}, claim: M06}}\n"
    if told is None:
        with pytest.raises(InputError, match="conditions have no arithmetic"):
            policy(text)
        return
    warnings = [str(one) for one in lint(policy(text))]
    assert len(warnings) == bool(told)
    assert not told or told in warnings[0]


def test_what_is_seen_of_means_is_of_actions_that_have_some_and_can_be_read() -> None:
    """Each need is a condition over what the actor sees."""
    for actor, needs in SEEN_MEANS.items():
        assert set(needs) <= set(MEANS[actor])
        for said in [*(one for all_ in needs.values() for one in all_), *CHANGES.get(actor, {}).values()]:
            condition(said, perceptions_of(actor))
