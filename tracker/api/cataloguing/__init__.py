"""The things of the catalogue as the office and the administrators enter and correct them."""
