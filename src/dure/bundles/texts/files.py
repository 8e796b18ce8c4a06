"""Sentences about archives, the bundle's file and the values in it."""

from dure.bundles.texts.sentences import STOPS, WARNS, Sentences
from dure.core.text import Text

ARCHIVE: Sentences = {
    "archive.broken": (
        STOPS,
        Text(ko="zip으로 풀 수 없습니다: {why}", en="This cannot be unpacked as a zip: {why}"),
        Text(ko="폴더로 두거나 다시 zip으로 압축하세요.", en="Leave it as a folder, or pack it as a zip again."),
    ),
    "archive.files": (
        STOPS,
        Text(ko="파일과 폴더가 {most}개를 넘습니다.", en="There are more than {most} files and folders."),
        Text(
            ko="필요한 것만 남기거나 데이터를 한 파일로 묶으세요.",
            en="Keep what is needed, or join the data into one file.",
        ),
    ),
    "archive.outside": (
        STOPS,
        Text(
            ko="압축 파일 바깥을 가리키거나 쓸 수 없는 글자가 든 이름입니다.",
            en="The name leads out of the archive or cannot be shown.",
        ),
        Text(ko="상대 경로로 다시 압축하세요.", en="Pack again with relative paths."),
    ),
    "archive.deep": (
        STOPS,
        Text(ko="폴더가 {most}단계보다 깊습니다.", en="Folders go more than {most} levels deep."),
        Text(ko="구조를 줄여 다시 압축하세요.", en="Flatten them and pack again."),
    ),
    "archive.encrypted": (
        STOPS,
        Text(ko="암호가 걸려 있습니다.", en="It is encrypted."),
        Text(ko="암호 없이 다시 압축하세요.", en="Pack again without a password."),
    ),
    "archive.special": (
        STOPS,
        Text(ko="링크나 특수 파일입니다.", en="It is a link or a special file."),
        Text(ko="실제 파일로 바꾸세요.", en="Replace it by the file itself."),
    ),
    "archive.twice": (
        STOPS,
        Text(ko="같은 이름이 두 번 들어 있습니다.", en="The name is there twice."),
        Text(ko="하나만 남기고 다시 압축하세요.", en="Keep one and pack again."),
    ),
    "archive.large": (
        STOPS,
        Text(ko="압축을 풀면 너무 커집니다.", en="Unpacked, the archive is too large."),
        Text(ko="크기를 줄이거나 폴더로 두고 다시 시도하세요.", en="Make it smaller, or leave it as a folder."),
    ),
}

BUNDLE: Sentences = {
    "bundle.missing": (
        STOPS,
        Text(ko="파일이나 폴더가 없습니다: {path}", en="There is no such file or folder: {path}"),
        Text(ko="경로를 확인하세요.", en="Check the path."),
    ),
    "bundle.unknown": (
        STOPS,
        Text(
            ko="대회 번들이 아닙니다. {names} 가운데 아무것도 없습니다.",
            en="This is no competition bundle: there is none of {names}.",
        ),
        Text(
            ko="competition.yaml(Codabench·CodaLab)이나 challenge_config.yaml(EvalAI)이 든 폴더나 zip을 주세요.",
            en="Give a folder or zip with competition.yaml (Codabench, CodaLab) or challenge_config.yaml (EvalAI).",
        ),
    ),
    "bundle.several": (
        STOPS,
        Text(ko="대회가 여럿 들어 있습니다: {folders}", en="There are several competitions here: {folders}"),
        Text(ko="그중 한 폴더를 주세요.", en="Give one of these folders."),
    ),
    "bundle.version": (
        WARNS,
        Text(ko="알지 못하는 번들 버전입니다: {version}", en="The version of this bundle is not known: {version}"),
        Text(ko="버전 2로 읽었습니다. 결과를 살펴보세요.", en="It was read as version 2: look through the result."),
    ),
    "bundle.shape": (
        STOPS,
        Text(ko="파일 전체가 ‘키: 값’ 묶음이어야 합니다.", en="The file must be one mapping of keys and values."),
        Text(ko="‘title: 제목’과 같은 줄로 시작하세요.", en="Begin with a line such as title: NAME."),
    ),
    "yaml.encoding": (
        WARNS,
        Text(ko="UTF-8이 아니어서 {encoding} 글자로 읽었습니다.", en="This is not UTF-8; it was read as {encoding}."),
        Text(ko="글자가 깨졌다면 UTF-8로 저장하세요.", en="If letters look wrong, save the file as UTF-8."),
    ),
    "yaml.empty": (
        STOPS,
        Text(ko="파일이 비어 있습니다.", en="The file is empty."),
        Text(ko="내용을 채우세요.", en="Fill it in."),
    ),
    "yaml.tab": (
        STOPS,
        Text(ko="들여쓰기에 탭 문자가 있습니다.", en="There is a tab in the indentation."),
        Text(ko="빈칸으로 바꾸세요.", en="Use spaces."),
    ),
    "yaml.unreadable": (
        STOPS,
        Text(ko="YAML로 읽을 수 없습니다: {why}", en="This cannot be read as YAML: {why}"),
        Text(ko="이 자리 앞뒤의 들여쓰기·따옴표·괄호를 확인하세요.", en="Check indentation, quotes and brackets here."),
    ),
    "yaml.too-large": (
        STOPS,
        Text(ko="값이 너무 많거나 너무 깊습니다.", en="There are too many values, or they go too deep."),
        Text(ko="서로를 가리키는 앵커를 풀어 쓰세요.", en="Write out anchors that name each other."),
    ),
    "yaml.tag": (
        WARNS,
        Text(
            ko="‘{tag}’ 태그는 쓰지 않습니다. 글로 읽었습니다.",
            en="The tag {tag} is not used; the value was read as text.",
        ),
        Text(ko="태그를 지우세요.", en="Take the tag out."),
    ),
    "yaml.twice": (
        WARNS,
        Text(
            ko="‘{key}’ 키가 두 번 나옵니다. 뒤의 값을 썼습니다.",
            en="The key {key} stands here twice; the later value was taken.",
        ),
        Text(ko="하나만 남기세요.", en="Keep one."),
    ),
}

VALUES: Sentences = {
    "key.missing": (
        STOPS,
        Text(ko="‘{key}’ 값이 없습니다.", en="{key} is missing here."),
        Text(ko="값을 채우세요.", en="Fill it in."),
    ),
    "key.unknown": (
        WARNS,
        Text(ko="‘{key}’ 키는 쓰이지 않습니다.", en="The key {key} means nothing here."),
        Text(ko="잘못 적은 이름이 아닌지 확인하세요.", en="Check whether it is misspelt."),
    ),
    "setting.left": (
        WARNS,
        Text(ko="‘{key}’ 설정은 여기에 없습니다. {here}", en="{key} has no counterpart here: {here}"),
        Text(ko="대신 할 일: {instead}", en="Instead: {instead}"),
    ),
    "value.sort": (
        STOPS,
        Text(ko="여기에는 {sort} 형식의 값이 와야 합니다.", en="{sort} belongs here."),
        Text(ko="값을 고치세요.", en="Correct the value."),
    ),
    "value.word": (
        STOPS,
        Text(ko="‘{key}’ 값으로 ‘{value}’은(는) 쓸 수 없습니다.", en="{value} is not a value of {key}."),
        Text(ko="다음 가운데 하나로 고치세요: {words}", en="Use one of {words}."),
    ),
    "value.date": (
        STOPS,
        Text(ko="날짜로 읽을 수 없습니다: {value}", en="This cannot be read as a date: {value}"),
        Text(ko="{sort}로 쓰세요(시간대가 없으면 UTC).", en="Write {sort} (UTC where it names no zone)."),
    ),
    "given.twice": (
        STOPS,
        Text(
            ko="{name} 값 ‘{value}’이(가) {first}행에 이미 있습니다.",
            en="{name} {value} stands already in line {first}.",
        ),
        Text(ko="서로 다르게 고치세요.", en="Make them different."),
    ),
    "file.missing": (
        STOPS,
        Text(
            ko="‘{key}’이(가) 가리키는 파일이 번들에 없습니다: {path}",
            en="{key} names a file that is not in the bundle: {path}",
        ),
        Text(
            ko="파일을 넣거나 경로를 고치세요. 대소문자도 같아야 합니다.",
            en="Add the file or correct the path; capital letters count.",
        ),
    ),
    "image.missing": (
        WARNS,
        Text(ko="대표 이미지가 번들에 없습니다: {path}", en="The image is not in the bundle: {path}"),
        Text(ko="이미지 없이 가져옵니다.", en="The challenge comes without it."),
    ),
    "file.empty": (
        STOPS,
        Text(ko="파일이 비어 있습니다: {path}", en="The file is empty: {path}"),
        Text(ko="내용을 채우세요.", en="Fill it in."),
    ),
    "data.missing": (
        STOPS,
        Text(ko="번들에 없는 데이터입니다: {path}", en="This data is not in the bundle: {path}"),
        Text(
            ko="그 이름의 폴더나 zip을 넣거나 경로를 고치세요.",
            en="Add a folder or zip of that name, or correct the path.",
        ),
    ),
    "data.elsewhere": (
        STOPS,
        Text(
            ko="‘{key}’ 데이터는 다른 서버에만 있습니다: {value}",
            en="The data of {key} is on another server only: {value}",
        ),
        Text(
            ko="그 서버에서 내려받아 번들에 넣고, 여기에는 그 경로를 쓰세요.",
            en="Download it there, put it into the bundle, and name its path here.",
        ),
    ),
    "data.empty": (
        STOPS,
        Text(ko="데이터에 파일이 하나도 없습니다: {path}", en="There is no file in this data: {path}"),
        Text(ko="파일을 넣으세요.", en="Add its files."),
    ),
}
