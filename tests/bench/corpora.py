"""Texts of five kinds, from what this repository and Python's own installation have, and from a seeded generator."""

import json
import random
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[2]
STDLIB = Path(sysconfig.get_path("stdlib"))
SOURCES = ("argparse.py", "ast.py", "bdb.py", "calendar.py", "cgi.py", "configparser.py", "csv.py", "datetime.py")
PROSE = ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")
CHINESE = (
    "沙箱在没有重试标头的情况下返回错误，因此我们使用自己的延迟。",
    "测试已经通过，但是文档还没有更新。",
    "请先阅读配置文件，然后告诉我缺少什么。",
    "缓存命中率昨天下降了，原因是系统提示被修改了。",
    "这个函数会在超时后抛出异常，调用者必须处理它。",
    "数据库连接池的大小由环境变量决定，默认值是十。",
    "我们决定保留旧的接口，直到所有客户端都完成迁移。",
    "日志显示服务器在凌晨三点重新启动过两次。",
)
JAPANESE = (
    "サンドボックスは再試行ヘッダーなしで応答するので、独自の遅延を使います。",
    "テストは通りましたが、文書はまだ更新されていません。",
    "まず設定ファイルを読んでから、足りないものを教えてください。",
    "昨日キャッシュの命中率が下がったのは、指示文が変わったためです。",
    "この関数は時間切れになると例外を投げるので、呼び出し側で処理してください。",
    "接続数の上限は環境変数で決まり、既定値は十です。",
    "すべての利用者が移行するまで、古い窓口を残すことにしました。",
)
KOREAN = (
    "샌드박스는 재시도 헤더 없이 응답하므로 자체 지연을 사용합니다.",
    "테스트는 통과했지만 문서는 아직 갱신되지 않았습니다.",
    "먼저 설정 파일을 읽고 무엇이 빠졌는지 알려 주세요.",
    "어제 캐시 적중률이 떨어진 것은 시스템 지시문이 바뀌었기 때문입니다.",
    "이 함수는 시간이 초과되면 예외를 던지므로 호출하는 쪽에서 처리해야 합니다.",
    "모든 사용자가 옮겨 갈 때까지 옛 인터페이스를 남겨 두기로 했습니다.",
)
NAMES = [
    "ledger",
    "anchor",
    "window",
    "session",
    "retry",
    "budget",
    "journal",
    "cursor",
    "planner",
    "gateway",
    "worker",
    "shard",
    "replica",
    "cache",
]


def gather() -> dict[str, str]:
    """At least 100,000 characters of each kind, by its name."""
    chance = random.Random(11)
    licences = [path for path in (STDLIB / "LICENSE.txt",) if path.exists()]
    prose = "\n".join(path.read_text() for path in [*licences, *(ROOT / name for name in PROSE)])
    code = "\n".join(path.read_text() for name in SOURCES if (path := STDLIB / name).exists())
    cjk = (CHINESE, JAPANESE, KOREAN)
    return {
        "prose": _fill(prose),
        "code": _fill(code),
        "json": json.dumps([_record(chance, number) for number in range(900)], indent=1),
        "logs": "\n".join(_line(chance, number) for number in range(1_800)),
        "cjk": "\n".join("".join(chance.choices(each, k=9)) for _ in range(150) for each in cjk),
    }


def _fill(text: str) -> str:
    return text * (100_000 // len(text) + 1)


def _record(chance: random.Random, number: int) -> dict[str, object]:
    name = chance.choice(NAMES)
    return {
        "id": f"{name}-{chance.randrange(10**6):06d}",
        "enabled": chance.random() < 0.5,
        "owner": {"name": chance.choice(NAMES), "uid": chance.randrange(60_000)},
        "limits": [round(chance.uniform(0, 90), 2) for _ in range(3)],
        "path": f"src/{name}/{chance.choice(NAMES)}_{number}.py",
    }


def _line(chance: random.Random, number: int) -> str:
    day, time = number % 8, f"{number // 75 % 24:02d}:{number % 60:02d}:{chance.randrange(60):02d},{number % 1000:03d}"
    level, name = chance.choice(["INFO", "INFO", "INFO", "WARNING", "ERROR"]), chance.choice(NAMES)
    said = chance.choice(["request sent to", "retrying", "timeout in", "accepted by", "closed"])
    who, where = f"{name}.{chance.choice(NAMES)}", chance.choice(NAMES)
    return f"2026-11-2{day} {time} {level} {who}: {said} {where} in {chance.randrange(9_000)} ms"
