"""The look of the HTML page: colours from the same tokens as the window, light, dark and on paper."""

import json

from themeloom.base.paths import resource

_RULES = """
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 2rem 1.5rem 4rem; background: var(--window);
  color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.3rem; line-height: 1.25; margin: .2rem 0 .6rem; }
h4 { font-size: .85rem; margin: 1.2rem 0 .3rem; color: var(--text-2); }
p { margin: .3rem 0; } ul { margin: .3rem 0; padding-left: 1.2rem; }
a { color: var(--accent); }
.quiet, figcaption, .base { color: var(--text-2); font-size: .875rem; }
.lead { font-size: 1.05rem; color: var(--text-2); }
.news { margin: 1rem 0 0; padding: .75rem 1rem; background: var(--surface);
  border-left: 4px solid var(--accent); border-radius: 4px; }
.table { overflow-x: auto; background: var(--surface); border: 1px solid var(--line);
  border-radius: 6px; margin-top: 1.25rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th { text-align: left; font-weight: 600; color: var(--text-2); font-size: .8rem; }
th, td { padding: .5rem .75rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.bar { width: 6rem; min-width: 4rem; padding-left: 0; padding-top: .8rem; }
td.word { white-space: nowrap; }
td.claim { min-width: 17rem; }
svg { color: var(--accent); } svg.bar { width: 100%; opacity: .55; }
article { background: var(--surface); border: 1px solid var(--line); border-radius: 8px;
  padding: 1.25rem 1.5rem 1.5rem; margin: 1rem 0; }
.chip { display: inline-block; padding: .1rem .5rem; margin: 0 .3rem .3rem 0; border-radius: 4px;
  background: var(--sunken); font-size: .82rem; }
.chip.bad { background: var(--bad-tint); color: var(--bad); }
.figures { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; margin: 1rem 0 .5rem; padding: 0; }
.figures div { flex: 1 1 9rem; border-top: 2px solid var(--text); padding-top: .35rem; }
.figures dt { font-size: .85rem; color: var(--text-2); }
.figures dd { margin: 0; } .figures dd.value { font-size: 1.25rem; font-weight: 600; }
.figures.small div { border-top: 1px solid var(--line); }
.figures.small dd.value { font-size: 1rem; }
.trend { display: flex; align-items: center; gap: 1rem; margin: .75rem 0; }
.trend svg { flex: none; }
.rising { color: var(--bad); font-weight: 600; } .falling { color: var(--ok); font-weight: 600; }
figure { margin: .6rem 0; padding-left: .8rem; border-left: 3px solid var(--line); }
figure.counter { border-left-style: dashed; border-left-color: var(--text-2); }
blockquote { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
details { margin-top: .6rem; } summary { cursor: pointer; color: var(--text-2); }
footer { margin-top: 3rem; color: var(--text-2); font-size: .875rem; }
@media (max-width: 40rem) { .wide { display: none; } }
@media print { body { max-width: none; padding: 0; background: #fff; font-size: 10.5pt; }
  article { border: 0; border-top: 1px solid #999; border-radius: 0;
    padding: .75rem 0; } .table { border: 0; overflow: visible; }
  a { color: inherit; text-decoration: none; } table { font-size: 8.5pt; }
  th, td { padding: .25rem .4rem; } td.claim { min-width: 0; width: 38%; }
  .screen { display: none; } tr, figure, dl, .trend { break-inside: avoid; }
  h3, h4 { break-after: avoid; } td .quiet, td.quiet { font-size: inherit; } }
"""

_USED = "window surface sunken line text text-2 accent ok bad bad-tint".split()


def style() -> str:
    """Return the style sheet."""
    tokens = json.loads(resource("look", "tokens.json").read_text("utf-8"))
    light = _colours(tokens["light"])
    dark = _colours(tokens["dark"])
    return (
        f":root {{ color-scheme: light dark; {light} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}{_RULES}"
    )


def _colours(tokens: dict[str, str]) -> str:
    return " ".join(f"--{name}: {tokens[name]};" for name in _USED)
