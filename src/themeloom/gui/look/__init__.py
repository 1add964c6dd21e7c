"""How the window looks: colour tokens, palette and style, icons, text sizes."""
