"""Pages of assignments: handed in by learners, marked by graders, moderated by those who run a cohort."""
