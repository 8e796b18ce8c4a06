"""What happens in learning beyond its room: skills are shown, sessions are attended, paths are planned anew."""
