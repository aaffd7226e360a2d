#!/usr/bin/python3
"""golden_rows.py REFERENCE SEED COUNT OUT [--short]: odd telemetry rows, and what the original makes of each.

REFERENCE is the folder with the original's features.py. OUT gets three lines a row: the source, the row, the outcome:
"blank", "bad" (no JSON object), "noclock" (no t_wall_ns), "refused" (the original raises), or the seconds since ZERO and
the source's channels as big-endian doubles in hexadecimal, "nan" where missing. --short leaves giant numbers out.
"""
import json
import random
import struct
import sys

sys.dont_write_bytecode = True
reference, seed, count, out = sys.argv[1:5]
short = "--short" in sys.argv
sys.path.insert(0, reference)
import features as F  # noqa: E402
import numpy as np  # noqa: E402

ZERO = 1795323974892115984
SOURCES = {"proc": F.PROC_CHANNELS, "guest": F.GUEST_CHANNELS, "qmp": F.QMP_CHANNELS, "netflow": F.NETFLOW_CHANNELS}
KEYS = {
    "proc": ["cpu_user_jiffies", "rss_bytes", "io_read_bytes"],
    "guest": ["load_1m_5m_15m", "listen_ports", "top_procs", "mem_available_bytes", "swap_used_bytes", "cpu_total_jiffies", "net"],
    "qmp": ["blockstats", "kvm_stats"],
    "netflow": ["pkts_in", "syn_count", "tcp_new_flows"],
}
NESTED = {
    "cpu_total_jiffies": ["user", "system", "idle", "x"], "net": ["eth0", "eth1"], "eth0": ["rx_bytes", "tx_pkts", "z"],
    "blockstats": ["virtio0"], "virtio0": ["rd_ops", "wr_bytes"], "kvm_stats": ["pages_4k", "remote_tlb_flush"],
}
STRINGS = [
    '"12"', '" 12 "', '"1_000"', '"1__0"', '"n/a"', '""', '"nan"', '"-inf"', '"+nan"', '"iNfinity"', '"1e400"', '"0x10"', '".5"', '"5."',
    '"."', '"\\u0661\\u0662"', '"\u0967.\u096b"', '"\\u20001"', '"1\\u00a0"', '"\\u001c1"', '"\\ud800"', '"a\\u00e9\\n\\"q"',
    '"\\ud83d\\ude00"', '"1e5_0"', '"_1"', '"--1"', '"+"', '"e5"', '"1e"', '"\u0663_\u0664"', '"\x7f"', '"tab\there"', '"\\x"', '"\\u12g4"',
    '"unterminated', '"\ud800"', '"\\/"', '"1\\u0000"', '"1 2"', '"+-1"', '"1_e5"', '"in_f"', '"0_0"', '"-.5E-3"',
]
NUMBERS = [
    "0", "-0", "1", "12345", "999999999999999999", "9999999999999999999", "-9223372036854775808", "9223372036854775807",
    "9223372036854775808", "18446744073709551616", "1.5", "-0.0", "0.0", "1e5", "1E+3", "1e-400", "1e400", "-1e400", "1.", ".5", "01", "-",
    "+1", "1e", "1e+", "-01", "NaN", "Infinity", "-Infinity", "-NaN", "nan", "true", "false", "null", "tru", "nul", "0x1", "1_0",
    "73786976294838206464", "123456789012345678901234567890", "0.1", "123.456e7", "1.7976931348623159e308", "4.9e-324", "2.5e-324",
    "9007199254740993", "9007199254740993.0", "0.30000000000000004",
]
CLOCKS = [str(ZERO + d) for d in (0, 1, -1, 12345678901, -77777777777, 10**18)] + [
    "1795323974892115984.0", "1.795323975e18", "true", "false", '"1795323974892115984"', "[1]", "{}", "NaN", "Infinity", "-Infinity",
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "123456789012345678901234567890", "1e400", "0", "-0", "-5", "0.0",
]
if not short:
    giants = ["1" + "0" * 308, "1" + "0" * 309, "17976931348623157" + "0" * 292, "17976931348623159" + "0" * 292,
              "9" * 4300, "9" * 4301, "-" + "9" * 4300]
    NUMBERS += giants
    CLOCKS += ["1" + "0" * 309, "9" * 4301]
FIRSTS = ["0.48", '"0.1"', "0", "null", "1e400", '"nan"', '"x"', "[1]", "{}", "true", "NaN", "[]", "1" + "0" * 400, "3"]
COUNTED = ["[]", "[80]", '[80,{"a":[1,2]}, "x"]', "null", "0", "0.0", "-0.0", "0e5", "1e-999", '""', '"abc"', '"\\ud83d\\ude00\\ud800x"',
           "{}", '{"a":1,"b":2,"a":3}', "true", "false", "5", "NaN", "-Infinity", '"é"', '"\ud800"']
rng = random.Random(int(seed))


def blank():
    return rng.choice([""] * 6 + [" ", "\t", "\r", "  ", "\x0b" if rng.random() < 0.02 else ""])


def anything(depth=0):
    r = rng.random()
    if r < 0.6:
        return rng.choice(NUMBERS)
    if r < 0.8:
        return rng.choice(STRINGS)
    if depth > 3:
        return "1"
    if r < 0.9:
        return "[" + blank() + ",".join(anything(depth + 1) + blank() for _ in range(rng.randrange(4))) + "]"
    return members(rng.choice(list(NESTED)), depth + 1)


def fitting(key, depth):
    if key == "load_1m_5m_15m":
        return "[" + ",".join(rng.choice(FIRSTS) for _ in range(rng.randrange(4))) + "]"
    if key in ("listen_ports", "top_procs"):
        return rng.choice(COUNTED)
    return members(key, depth) if key in NESTED else rng.choice(NUMBERS[:12])


def spelled(key):
    if rng.random() < 0.1:
        i = rng.randrange(len(key))
        return key[:i] + f"\\u{ord(key[i]):04x}" + key[i + 1:]
    return key


def member(key, value):
    return f'{blank()}"{spelled(key)}"{blank()}:{blank()}{value}{blank()}'


def members(name, depth):
    keys = [rng.choice(NESTED[name]) for _ in range(rng.randrange(4))]
    return "{" + ",".join(member(k, fitting(k, depth + 1) if rng.random() < 0.8 else anything(depth)) for k in keys) + "}"


def row(source):
    keys = ["t_wall_ns"] + [rng.choice(KEYS[source] + ["source", "t_mono_ns"]) for _ in range(rng.randrange(5))]
    if rng.random() < 0.3:
        rng.shuffle(keys)
    if rng.random() < 0.1:
        keys.append("t_wall_ns")
    if rng.random() < 0.05:
        keys.remove("t_wall_ns")
    list_ = []
    for k in keys:
        if k == "t_wall_ns":
            v = CLOCKS[0] if rng.random() < 0.6 else rng.choice(CLOCKS + ["null"])
        elif k == "t_mono_ns":
            v = "17"
        elif k == "source":
            v = rng.choice(['"host"', '"a\\tb"', '{"deep":[1,{"x":null}]}', rng.choice(NUMBERS)])
        else:
            v = fitting(k, 0) if rng.random() < 0.75 else anything()
        list_.append(member(k, v))
    text = blank() + "{" + ",".join(list_) + rng.choice(["}"] * 30 + ["},", " x", "}}", "", ",}"]) + blank()
    b = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.03:
        b = b"\xef\xbb\xbf" + b
    if rng.random() < 0.05:
        i = rng.randrange(len(b))
        b = b[:i] + bytes([rng.choice([0, 9, 0x22, 0x5C, 0x80, 0xFF, 0xC0, 0xED, 0x1F, 0x2C, 0x7B])]) + b[i + 1:]
    return b.replace(b"\n", b" ")


def double(x):
    return struct.pack(">d", x).hex() if x == x else "nan"


def outcome(source, line):
    if not line.strip():
        return "blank"
    try:
        r = json.loads(line)
    except (ValueError, RecursionError):
        return "bad"
    if not isinstance(r, dict):
        return "bad"
    wall = r.get("t_wall_ns")
    if wall is None:
        return "noclock"
    try:
        values = [(wall - ZERO) / 1e9]
        for ch in SOURCES[source]:
            v = ch.getter(r)
            if isinstance(v, (list, dict)):
                return "refused"  # numpy raises, unless all rows agree in shape
            values.append(float(np.asarray([np.nan if v is None else v], dtype=np.float64)[0]))
    except (TypeError, ValueError, OverflowError):
        return "refused"
    return " ".join(map(double, values))


with open(out, "wb") as f:
    for _ in range(int(count)):
        source = rng.choice(list(SOURCES))
        line = row(source)
        f.write(source.encode() + b"\n" + line + b"\n" + outcome(source, line).encode() + b"\n")
