# 经纬 Jingwei. Needs Python 3.11 or newer and make; everything else is installed by bootstrap/.
#   make demo    演示：装好一切，建小城，跑全流程，http://127.0.0.1:8000
#   make test    测试：装好一切，检查，测试
#   make cover   覆盖率：同样的测试，并数行、分支，与下限比（时间多四成）
#   make serve   只启动服务（数据保留）
#   make check   只检查格式、规则、类型、架构
#   make audit   依赖的许可证与漏洞通告（查不到通告库会直说）
#   make fuzz    按接口自己的描述乱问五千次（约十分钟；JINGWEI_TEST_SEED=7 另换一批）
#   make clean   删除全部数据、构建产物和缓存
#   make faults  故障测试，全量：杀进程、断库、断网、磁盘满、八小时流量（约一小时）
#   make bench-issues  诉求受理与同类做法比速度（约十分钟）
#   make bench-tiles  瓦片：与裸 ASGI、pgbench、原始点比速度，看大小（约十分钟）
#   make bench-redraw  重划引擎与同类软件比速度、比质量（约二十分钟）
.PHONY: help demo test cover faults serve check audit fuzz setup smoke clean benchmarks bench-issues bench-tiles bench-redraw
.SILENT:

# In a folder with a Chinese name a plain C locale keeps Python 3.11 from reading its own files.
ifneq ($(filter C POSIX,$(LC_ALL)),)
export LC_ALL := C.UTF-8
endif

# The first Python that is new enough; BOOT says what is wrong when there is none.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$$p"; break; fi; done)
BOOT = if [ -z "$(PYTHON)" ]; then \
	echo '✗ 需要 Python 3.11 或更新版本。Debian/Ubuntu：apt-get install python3（Ubuntu 22.04：python3.11）'; \
	echo '✗ Python 3.11 or newer is needed. Debian, Ubuntu: apt-get install python3 (Ubuntu 22.04: python3.11)'; \
	exit 1; fi; "$(PYTHON)" -B -m bootstrap

help:
	sed -n '2,14s/^# *//p' Makefile

demo: setup
	exec .venv/bin/jingwei demo $(ARGS)

serve: setup
	exec .venv/bin/jingwei serve $(ARGS)

fuzz: check
	JINGWEI_TEST_DEEP=21 .venv/bin/pytest -q tests/store/test_fuzz.py tests/store/test_ends.py tests/load/test_hostile.py tests/files/test_hostile.py

bench-issues: benchmarks
	.venv/bin/python -m benchmarks.intake $(ARGS)
	.venv/bin/python -m benchmarks.lookup
	.venv/bin/python -m benchmarks.assigned_file
	.venv/bin/python -m benchmarks.assignment
	.venv/bin/python -m benchmarks.moving

bench-tiles: benchmarks
	exec .venv/bin/python -m benchmarks.tiles $(ARGS)

bench-redraw: benchmarks
	exec .venv/bin/python -m benchmarks.redraw $(ARGS)

test cover check setup faults audit smoke clean benchmarks:
	$(BOOT) $@
