"""Files that prove something 佐证材料: uploaded, listed, handed out, withdrawn."""
