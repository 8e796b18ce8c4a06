"""Answers of named surveys are counted as they come in; those that came before are counted here, once."""

from django.db import migrations, models

from dure.assessments.surveying import Question
from dure.assessments.tallying import rows_of, tallied

AT_ONCE = 1_000


def count(apps, _schema_editor):
    counts = apps.get_model("assessments", "AnswerCount").objects
    for survey in apps.get_model("assessments", "Survey").objects.filter(promise="named"):
        asked = [Question.of(told) for told in survey.questions]
        rows = rows_of(tallied(asked, survey.replies.values_list("group", "answers").iterator(AT_ONCE)))
        texts = {one.key for one in asked if one.sort == "text"}
        counts.bulk_create(
            (
                counts.model(survey=survey, question=question, group=group, answer=answer, n=each)
                for question, group, answer, n in rows
                for each in ([1] * n if question in texts else [n])
            ),
            batch_size=AT_ONCE,
        )


def forget(apps, _schema_editor):
    apps.get_model("assessments", "AnswerCount").objects.filter(survey__promise="named").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0004_interviews_again'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='answercount',
            index=models.Index(fields=['survey', 'question', 'group'], name='count_of_question'),
        ),
        migrations.RunPython(count, forget),
    ]
