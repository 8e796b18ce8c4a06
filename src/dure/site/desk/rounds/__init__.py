"""A round at the desk: made from a form, tried, watched, taken out, talked about, shown elsewhere."""
