"""What a person sees, whichever room it comes from: base pages, components, tokens, icons, charts, languages.

`docs/reference/components.md` lists the components; `/styleguide/` in the demonstration shows each in every state.
"""
