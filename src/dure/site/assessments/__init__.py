"""Pages of tests: banks and exams for examiners, exams and results for candidates."""
