"""What responsible and supporting departments hand to the lead for one period."""
