"""AXI4-Stream source, sink and monitors that were not written here, on the exported Verilog of the link."""

import os
import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import RisingEdge
from cocotbext.axi import AxiStreamBus, AxiStreamFrame, AxiStreamMonitor, AxiStreamSink, AxiStreamSource

PERIOD_NS = 6.4
CLIENT_TO_CLIENT_CYCLES = 3
LOCK_CYCLES = 120
POWER_ON_RESET_CYCLES = 4
DRAIN_CYCLES = 40
SEED = int(os.environ.get("FIRSTLIGHT_SEED", "7"))


class Bench:
    """The looped link with a client on both sides and a witness at each."""

    def __init__(self, dut, seed):
        self.dut = dut
        self.random = random.Random(SEED * 1000 + seed)
        self.verdicts = []
        for signal in (dut.reset, dut.hold, dut.mask):
            signal.value = 0
        dut.rung.value = 2
        # the first edge comes when all inputs have their values: the link then needs no reset at all
        cocotb.start_soon(Clock(dut.clock, PERIOD_NS, unit="ns").start(start_high=False))
        transmit = AxiStreamBus.from_prefix(dut, "s_axis")
        receive = AxiStreamBus.from_prefix(dut, "m_axis")
        self.source = AxiStreamSource(transmit, dut.clock, dut.reset)
        self.sent = AxiStreamMonitor(transmit, dut.clock, dut.reset)
        self.sink = AxiStreamSink(receive, dut.clock, dut.reset)
        self.received = AxiStreamMonitor(receive, dut.clock, dut.reset)

    async def start(self):
        cocotb.start_soon(self.watch())
        await self.reset(POWER_ON_RESET_CYCLES)

    async def watch(self):
        while True:
            await RisingEdge(self.dut.clock)
            if self.dut.frame_done.value == 1:
                self.verdicts.append(self.dut.frame_good.value == 1)

    async def cycles(self, count):
        for _ in range(count):
            await RisingEdge(self.dut.clock)

    async def reset(self, cycles=1):
        """Both clients restart with the link; nothing is offered before the lock."""
        self.dut.reset.value = 1
        await self.cycles(cycles)
        self.dut.reset.value = 0
        self.dut.hold.value = 1
        await self.cycles(LOCK_CYCLES)
        assert self.dut.locked.value == 1, "an undisturbed line locks"
        self.dut.hold.value = 0
        for queue in (self.source, self.sent, self.sink, self.received):
            queue.clear()
        self.verdicts.clear()

    def frame(self, longest=200):
        return self.random.randbytes(self.random.randint(1, longest))

    def pauses(self, one_in):
        while True:
            yield self.random.randrange(one_in) == 0

    async def hold_at_random(self):
        """Back-pressure that the laser would make: before frames, never inside."""
        while True:
            self.dut.hold.value = 1
            await self.cycles(self.random.randint(1, 20))
            self.dut.hold.value = 0
            await self.cycles(self.random.randint(1, 60))

    async def exchange(self, frames, aborted=()):
        for k, data in enumerate(frames):
            user = [0] * len(data)
            if k in aborted:
                user = [1] * len(data)
            await self.source.send(AxiStreamFrame(data, tuser=user))
        await self.source.wait()
        await self.cycles(DRAIN_CYCLES)
        got = [self.sink.recv_nowait() for _ in range(self.sink.count())]
        assert [bytes(frame.tdata) for frame in got] == list(frames)
        assert self.verdicts == [k not in aborted for k in range(len(frames))]
        seen = [(self.sent.recv_nowait(), self.received.recv_nowait()) for _ in frames]
        for sent, received in seen:
            assert bytes(sent.tdata) == bytes(received.tdata)
            for end in ("sim_time_start", "sim_time_end"):
                steps = getattr(received, end) - getattr(sent, end)
                cycles = cocotb.utils.get_time_from_sim_steps(steps, "ns") / PERIOD_NS
                assert abs(cycles - CLIENT_TO_CLIENT_CYCLES) < 0.01, f"{cycles} cycles"


@cocotb.test()
async def frames_of_all_lengths_arrive_after_three_cycles(dut):
    bench = Bench(dut, 1)
    await bench.start()
    await bench.exchange([bytes(range(length)) for length in range(1, 100)])


@cocotb.test()
async def random_pauses_and_back_pressure_change_nothing(dut):
    bench = Bench(dut, 2)
    await bench.start()
    cocotb.start_soon(bench.hold_at_random())
    for one_in in (2, 3, 10):
        bench.source.set_pause_generator(bench.pauses(one_in))
        await bench.exchange([bench.frame() for _ in range(60)])
        bench.verdicts.clear()


@cocotb.test()
async def one_wrong_bit_in_every_slot_costs_no_cycle(dut):
    bench = Bench(dut, 3)
    await bench.start()

    async def spoil():
        while True:
            dut.mask.value = 1 << bench.random.randrange(64)
            await RisingEdge(dut.clock)

    cocotb.start_soon(spoil())
    await bench.exchange([bench.frame() for _ in range(60)])


@cocotb.test()
async def aborted_frames_are_bad_and_their_neighbours_good(dut):
    bench = Bench(dut, 4)
    await bench.start()
    aborted = {k for k in range(60) if k % 7 in (0, 3, 4)}
    await bench.exchange([bench.frame() for _ in range(60)], aborted)


@cocotb.test()
async def a_reset_in_mid_frame_leaves_nothing_behind(dut):
    bench = Bench(dut, 5)
    await bench.start()
    for cycles in range(1, 26):
        await bench.source.send(AxiStreamFrame(bench.random.randbytes(128)))
        await bench.cycles(cycles)
        await bench.reset()
        await bench.exchange([bench.frame(60) for _ in range(4)])
