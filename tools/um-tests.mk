# Unit tests of um/: the real host side, without main and the backends, over a fake kernel (tests/unit/um/um_unit.c).
UM_UNIT_C = $(sort $(wildcard tests/unit/um/test_*.c))
UM_UNIT_BIN = $(UM_UNIT_C:tests/unit/%.c=$(O)/tests/unit/%)
UM_UNIT_UM = $(patsubst %,$(O)/um/%.o,cgroup clock console cpu filter fskind hostfile idle options physmem probe stack trace unwind \
	watch worker)

$(O)/tests/unit/um/%.o: tests/unit/um/%.c tests/unit/um/um_unit.h $(O)/flags
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(filter-out -Wmissing-prototypes,$(UFLAGS)) -iquote tests/unit/um -c -o $@ $<
$(UM_UNIT_BIN): $(O)/tests/unit/um/%: $(O)/tests/unit/um/%.o $(O)/tests/unit/um/um_unit.o $(UM_UNIT_UM)
	@echo "  LD      $@"
	$(Q)$(CC) -no-pie $(SANLINK) -o $@ $^ $(LIBS) $(CHECK_LIBS)

UNIT_BIN += $(UM_UNIT_BIN)
check-unit: $(UM_UNIT_BIN)
-include $(UM_UNIT_C:tests/unit/%.c=$(O)/tests/unit/%.d)
