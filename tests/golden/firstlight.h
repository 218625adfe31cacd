/* Generated from the tables of firstlight-spec by `firstlight export`; not edited by hand. */
#ifndef FIRSTLIGHT_H
#define FIRSTLIGHT_H

/* Constants */
#define FIRSTLIGHT_MAGIC 1179407409 /* Value of id_magic. */
#define FIRSTLIGHT_SPEC_HASH 155532431 /* Value of id_spec_hash. */
#define FIRSTLIGHT_CLOCK_HZ 156250000 /* Datapath clock of the Alchitry Cu top. */
#define FIRSTLIGHT_CLIENT_TO_CLIENT_CYCLES 3 /* Accepted beat to valid beat. */
#define FIRSTLIGHT_WIRE_TO_WIRE_CYCLES 2 /* Repeater, line in to line out. */
#define FIRSTLIGHT_FRAME_OVERHEAD_SLOTS 2 /* Slots that a frame adds on the line. */
#define FIRSTLIGHT_FRAME_OVERHEAD_PARITY_SLOTS 4 /* The same with tail parity. */
#define FIRSTLIGHT_SLOT_BITS 76 /* Bits of one slot on the line. */
#define FIRSTLIGHT_BEAT_BYTES 8 /* Bytes of one beat. */
#define FIRSTLIGHT_KIND_END 105 /* Byte 0 of END. */
#define FIRSTLIGHT_KIND_IDLE 150 /* Byte 0 of IDLE. */
#define FIRSTLIGHT_FRAME_MEMORY_BYTES 4352 /* Longest frame that the frame memories hold. */
#define FIRSTLIGHT_GENERATOR_MAX_BYTES 65535 /* Longest frame of the generator. */
#define FIRSTLIGHT_BONE_TIMEOUT_MS 100 /* Deadline of one UARTBone command. */
#define FIRSTLIGHT_UART_BAUD 4000000 /* Bit rate of the control UART. */

/* id: byte addresses, then fields */
#define FIRSTLIGHT_ID_MAGIC 0x0000 /* 0x464c5431, "FLT1": read first. */
#define FIRSTLIGHT_ID_SPEC_HASH 0x0004 /* Hash of this register map; a host refuses another. */
#define FIRSTLIGHT_ID_FEATURES 0x0008 /* What this build contains; what it lacks reads as zero. */
#define FIRSTLIGHT_ID_FEATURES_GENERATOR_LSB 0 /* Frame generator, checker and latency bins. */
#define FIRSTLIGHT_ID_FEATURES_GENERATOR_MASK 0x00000001u
#define FIRSTLIGHT_ID_FEATURES_MEMORIES_LSB 1 /* Frame memories for replayed captures. */
#define FIRSTLIGHT_ID_FEATURES_MEMORIES_MASK 0x00000002u
#define FIRSTLIGHT_ID_FEATURES_LASER_LSB 2 /* Laser enable. */
#define FIRSTLIGHT_ID_FEATURES_LASER_MASK 0x00000004u
#define FIRSTLIGHT_ID_FEATURES_LANES_LSB 3 /* The line is on pins (DDR lanes); otherwise it loops inside. */
#define FIRSTLIGHT_ID_FEATURES_LANES_MASK 0x00000008u
#define FIRSTLIGHT_ID_FEATURES_PREDICTOR_LSB 4 /* PairGap prediction of the laser enable. */
#define FIRSTLIGHT_ID_FEATURES_PREDICTOR_MASK 0x00000010u
#define FIRSTLIGHT_ID_FEATURES_LADDER_LSB 5 /* The adaptive ladder. */
#define FIRSTLIGHT_ID_FEATURES_LADDER_MASK 0x00000020u
#define FIRSTLIGHT_ID_FEATURES_TAIL_PARITY_LSB 6 /* Tail-parity words (rung L3). */
#define FIRSTLIGHT_ID_FEATURES_TAIL_PARITY_MASK 0x00000040u
#define FIRSTLIGHT_ID_FEATURES_INJECTOR_LSB 7 /* Error injector on the line. */
#define FIRSTLIGHT_ID_FEATURES_INJECTOR_MASK 0x00000080u
#define FIRSTLIGHT_ID_FEATURES_SCHEDULE_LSB 8 /* Schedule memory of the generator. */
#define FIRSTLIGHT_ID_FEATURES_SCHEDULE_MASK 0x00000100u
#define FIRSTLIGHT_ID_CLOCK_HZ 0x000c /* Datapath clock in Hz. */
#define FIRSTLIGHT_ID_SCRATCH 0x0010 /* Free for the host: proves that reads and writes arrive. */
#define FIRSTLIGHT_ID_BONE_ERRORS 0x0014 /* UARTBone framing errors and deadline resets since power-on. */

/* link: byte addresses, then fields */
#define FIRSTLIGHT_LINK_CONTROL 0x0040 /* How the link runs. */
#define FIRSTLIGHT_LINK_CONTROL_RUNG_LSB 0 /* What the receiver does: 0 forward, 1 detect, 2 correct, 3 correct and keep parity. */
#define FIRSTLIGHT_LINK_CONTROL_RUNG_MASK 0x00000003u
#define FIRSTLIGHT_LINK_CONTROL_TX_PARITY_LSB 2 /* Send two tail-parity words after END (rung L3). */
#define FIRSTLIGHT_LINK_CONTROL_TX_PARITY_MASK 0x00000004u
#define FIRSTLIGHT_LINK_CONTROL_ADAPTIVE_LSB 3 /* The ladder controller moves the rung; `rung` is where it starts. */
#define FIRSTLIGHT_LINK_CONTROL_ADAPTIVE_MASK 0x00000008u
#define FIRSTLIGHT_LINK_CONTROL_REPEAT_LSB 4 /* Lanes only: send the corrected received line on, as a repeater. */
#define FIRSTLIGHT_LINK_CONTROL_REPEAT_MASK 0x00000010u
#define FIRSTLIGHT_LINK_CONTROL_DARK_LSB 5 /* Loopback only: the line is dark (tests loss of light). */
#define FIRSTLIGHT_LINK_CONTROL_DARK_MASK 0x00000020u
#define FIRSTLIGHT_LINK_STATUS 0x0044 /* How the link is. */
#define FIRSTLIGHT_LINK_STATUS_LOCKED_LSB 0 /* Enough good IDLEs in a row; clients are served. */
#define FIRSTLIGHT_LINK_STATUS_LOCKED_MASK 0x00000001u
#define FIRSTLIGHT_LINK_STATUS_LIGHT_LSB 1 /* Light is seen. */
#define FIRSTLIGHT_LINK_STATUS_LIGHT_MASK 0x00000002u
#define FIRSTLIGHT_LINK_STATUS_HOLDING_LSB 2 /* The transmitter holds its client: laser not ready. */
#define FIRSTLIGHT_LINK_STATUS_HOLDING_MASK 0x00000004u
#define FIRSTLIGHT_LINK_STATUS_RX_IN_FRAME_LSB 3 /* Between a frame's first word and its END. */
#define FIRSTLIGHT_LINK_STATUS_RX_IN_FRAME_MASK 0x00000008u
#define FIRSTLIGHT_LINK_STATUS_RUNG_NOW_LSB 4 /* Rung in use. */
#define FIRSTLIGHT_LINK_STATUS_RUNG_NOW_MASK 0x00000030u
#define FIRSTLIGHT_LINK_COMMAND 0x0048 /* Acts on the write. */
#define FIRSTLIGHT_LINK_COMMAND_CLEAR_LSB 0 /* Clears bins, extremes, sums and event counters. */
#define FIRSTLIGHT_LINK_COMMAND_CLEAR_MASK 0x00000001u
#define FIRSTLIGHT_LINK_COMMAND_SNAPSHOT_LSB 1 /* Copies event counters, number and sum of latencies to where they are read. */
#define FIRSTLIGHT_LINK_COMMAND_SNAPSHOT_MASK 0x00000002u
#define FIRSTLIGHT_LINK_COMMAND_RELOCK_LSB 2 /* Drops the lock; a cold lock follows. */
#define FIRSTLIGHT_LINK_COMMAND_RELOCK_MASK 0x00000004u
#define FIRSTLIGHT_LINK_SILENCE_SLOTS 0x004c /* Slots without a good IDLE or END after which the client side is shut (0 = never); 16 bits. A frame longer than this shuts it too. */
#define FIRSTLIGHT_LINK_IDLE_SEND 0x0050 /* Fields of the IDLEs that are sent. */
#define FIRSTLIGHT_LINK_IDLE_SEND_REQUEST_LSB 0 /* Rung asked of the far end (3 = send tail parity). */
#define FIRSTLIGHT_LINK_IDLE_SEND_REQUEST_MASK 0x00000003u
#define FIRSTLIGHT_LINK_IDLE_SEEN 0x0054 /* Fields of the last good IDLE. */
#define FIRSTLIGHT_LINK_IDLE_SEEN_STATE_LSB 0 /* Bit 0 far end locked, bit 1 sees light, bit 2 holds its client. */
#define FIRSTLIGHT_LINK_IDLE_SEEN_STATE_MASK 0x00000007u
#define FIRSTLIGHT_LINK_IDLE_SEEN_REQUEST_LSB 8 /* Rung that the far end asks for. */
#define FIRSTLIGHT_LINK_IDLE_SEEN_REQUEST_MASK 0x00000300u
#define FIRSTLIGHT_LINK_IDLE_SEEN_HINT_LSB 16 /* Slots until the far end's next burst, 0 = unknown. */
#define FIRSTLIGHT_LINK_IDLE_SEEN_HINT_MASK 0xffff0000u
#define FIRSTLIGHT_LINK_SNAPSHOT_STATE 0x0058 /* Bit 0: the last snapshot or clear is still under way. */

/* ladder: byte addresses, then fields */
#define FIRSTLIGHT_LADDER_WINDOW_SLOTS 0x0080 /* Slots of one observation window; 24 bits. */
#define FIRSTLIGHT_LADDER_UP 0x0084 /* Corrected words in a window at which the rung steps up; 16 bits. */
#define FIRSTLIGHT_LADDER_DOWN 0x0088 /* Corrected words in a window below which the rung may step down; 16 bits. */
#define FIRSTLIGHT_LADDER_BURST_UP 0x008c /* Uncorrectable words in a window at which L3 is asked for at once; 16 bits. */
#define FIRSTLIGHT_LADDER_HOLD_WINDOWS 0x0090 /* Quiet windows in a row before a step down; 8 bits. */
#define FIRSTLIGHT_LADDER_STATUS 0x0094 /* Where the controller is and why. */
#define FIRSTLIGHT_LADDER_STATUS_RUNG_LSB 0 /* Rung in use. */
#define FIRSTLIGHT_LADDER_STATUS_RUNG_MASK 0x00000003u
#define FIRSTLIGHT_LADDER_STATUS_REASON_LSB 4 /* Of the last step: 0 none, 1 errors, 2 bursts, 3 quiet, 4 far end asked, 5 host. */
#define FIRSTLIGHT_LADDER_STATUS_REASON_MASK 0x00000070u
#define FIRSTLIGHT_LADDER_STATUS_STEPS_LSB 16 /* Steps taken. */
#define FIRSTLIGHT_LADDER_STATUS_STEPS_MASK 0xffff0000u
#define FIRSTLIGHT_LADDER_LAST_CORRECTED 0x0098 /* Words with one wrong bit in the last full window. */
#define FIRSTLIGHT_LADDER_LAST_BAD 0x009c /* Uncorrectable words in the last full window. */

/* laser: byte addresses, then fields */
#define FIRSTLIGHT_LASER_MODE 0x00c0 /* 0 always on, 1 reactive, 2 hint, 3 timeout, 4 PairGap. */
#define FIRSTLIGHT_LASER_T_ON_CYCLES 0x00c4 /* Enable to first usable slot: driver, laser, receiver, 4 relock slots and 5 cycles of the lock; 12 bits. */
#define FIRSTLIGHT_LASER_MIN_ON_CYCLES 0x00c8 /* Shortest time on; 12 bits. */
#define FIRSTLIGHT_LASER_MIN_OFF_CYCLES 0x00cc /* Shortest time off; 12 bits. */
#define FIRSTLIGHT_LASER_TIMEOUT_CYCLES 0x00d0 /* Idle cycles after which timeout and PairGap turn off; 24 bits. */
#define FIRSTLIGHT_LASER_STALL_LIMIT_CYCLES 0x00d4 /* A client that stalls longer inside a frame has it ended, stomped; 16 bits, 0 = never. */
#define FIRSTLIGHT_LASER_STATUS 0x00d8 /* Now. */
#define FIRSTLIGHT_LASER_STATUS_ENABLED_LSB 0 /* The enable pin is high. */
#define FIRSTLIGHT_LASER_STATUS_ENABLED_MASK 0x00000001u
#define FIRSTLIGHT_LASER_STATUS_READY_LSB 1 /* On for t_on: data may leave. */
#define FIRSTLIGHT_LASER_STATUS_READY_MASK 0x00000002u
#define FIRSTLIGHT_LASER_STATUS_CREDIT_LSB 8 /* Late credit of PairGap. */
#define FIRSTLIGHT_LASER_STATUS_CREDIT_MASK 0x0000ff00u
#define FIRSTLIGHT_LASER_HINT 0x00dc /* Host doorbell: a burst not earlier than in this many slots; 16 bits. */

/* generator: byte addresses, then fields */
#define FIRSTLIGHT_GEN_CONTROL 0x0100 /* What is sent. */
#define FIRSTLIGHT_GEN_CONTROL_SCHEDULED_LSB 0 /* Gap and length come from the schedule memory; otherwise from gen_gap and gen_length. */
#define FIRSTLIGHT_GEN_CONTROL_SCHEDULED_MASK 0x00000001u
#define FIRSTLIGHT_GEN_CONTROL_FROM_MEMORY_LSB 1 /* Payload comes from the tx frame memory (each frame starts at the next word); otherwise PRBS-31. */
#define FIRSTLIGHT_GEN_CONTROL_FROM_MEMORY_MASK 0x00000002u
#define FIRSTLIGHT_GEN_CONTROL_HINTS_LSB 2 /* Announce each burst to the laser, gen_notice cycles ahead. */
#define FIRSTLIGHT_GEN_CONTROL_HINTS_MASK 0x00000004u
#define FIRSTLIGHT_GEN_CONTROL_CHECK_LSB 3 /* The checker compares received payload with PRBS-31. */
#define FIRSTLIGHT_GEN_CONTROL_CHECK_MASK 0x00000008u
#define FIRSTLIGHT_GEN_COMMAND 0x0104 /* Acts on the write. */
#define FIRSTLIGHT_GEN_COMMAND_START_LSB 0 /* Start with the first frame, once a frame in hand has ended; PRBS, sequence of payload and pointers restart. */
#define FIRSTLIGHT_GEN_COMMAND_START_MASK 0x00000001u
#define FIRSTLIGHT_GEN_COMMAND_STOP_LSB 1 /* Stop after the frame in hand. */
#define FIRSTLIGHT_GEN_COMMAND_STOP_MASK 0x00000002u
#define FIRSTLIGHT_GEN_FRAMES 0x0108 /* Frames to send, 0 = until stopped; taken at start. */
#define FIRSTLIGHT_GEN_LENGTH_BYTES 0x010c /* Bytes of each frame, 1 to 65535; 16 bits; taken at start. */
#define FIRSTLIGHT_GEN_GAP_CYCLES 0x0110 /* Cycles without an offered beat after each frame; 24 bits. */
#define FIRSTLIGHT_GEN_BURST_FRAMES 0x0114 /* Frames of a burst, 0 = no bursts; 16 bits. */
#define FIRSTLIGHT_GEN_BURST_GAP_CYCLES 0x0118 /* Cycles without an offered beat after each burst, instead of gen_gap; 24 bits. */
#define FIRSTLIGHT_GEN_NOTICE_CYCLES 0x011c /* How far ahead a burst is announced; 16 bits. */
#define FIRSTLIGHT_GEN_STATUS 0x0120 /* Now. */
#define FIRSTLIGHT_GEN_STATUS_RUNNING_LSB 0 /* Frames are still to be sent. */
#define FIRSTLIGHT_GEN_STATUS_RUNNING_MASK 0x00000001u
#define FIRSTLIGHT_GEN_STATUS_HALF_LSB 1 /* Half of the schedule memory that is being played. */
#define FIRSTLIGHT_GEN_STATUS_HALF_MASK 0x00000002u
#define FIRSTLIGHT_GEN_STATUS_UNDERRUN_LSB 2 /* A half was needed before the host had filled it; sticky until start. */
#define FIRSTLIGHT_GEN_STATUS_UNDERRUN_MASK 0x00000004u
#define FIRSTLIGHT_GEN_LEFT 0x0124 /* Frames still to begin: gen_frames at start, one less with each; below zero (modulo 2^32) when that was 0. */
#define FIRSTLIGHT_GEN_SCHEDULE_ENTRIES 0x0128 /* Entries of the schedule to play before it starts again at entry 0, 1 to 256; 0 = endless halves that the host refills (gen_schedule_filled). */
#define FIRSTLIGHT_GEN_SCHEDULE_FILLED 0x012c /* Bit 0: lower half filled, bit 1: upper half filled. */

/* latency: byte addresses, then fields */
#define FIRSTLIGHT_LAT_BASE_CYCLES 0x0140 /* Latency of bin 0; 12 bits. */
#define FIRSTLIGHT_LAT_MIN_CYCLES 0x0144 /* Smallest latency; all ones when none was seen; 12 bits. */
#define FIRSTLIGHT_LAT_MAX_CYCLES 0x0148 /* Largest latency; 12 bits. */
#define FIRSTLIGHT_LAT_COUNT 0x014c /* Frames binned, overflow and underflow included; of the snapshot, 48 bits. */
#define FIRSTLIGHT_LAT_COUNT_WORDS 2 /* Most significant word first. */
#define FIRSTLIGHT_LAT_SUM_CYCLES 0x0154 /* Sum of their latencies; of the snapshot, 48 bits. */
#define FIRSTLIGHT_LAT_SUM_CYCLES_WORDS 2 /* Most significant word first. */
#define FIRSTLIGHT_LAT_OVERFLOW 0x015c /* Frames at or above the last bin's end, or below the first bin; saturating at 65535. */
#define FIRSTLIGHT_WAIT_MIN_CYCLES 0x0160 /* Shortest offered-to-accepted wait of a first beat; all ones when none; 12 bits. */
#define FIRSTLIGHT_WAIT_MAX_CYCLES 0x0164 /* Longest wait, 4095 = that or more; 12 bits. */
#define FIRSTLIGHT_LAT_UNMATCHED 0x0168 /* Good frames whose sequence number named no stamp; saturating at 65535. */
#define FIRSTLIGHT_LAT_OUTLIERS 0x016c /* Outliers stored: frames outside the bins, the first sixteen. */

/* injector: byte addresses, then fields */
#define FIRSTLIGHT_INJ_CONTROL 0x0180 /* What is injected. */
#define FIRSTLIGHT_INJ_CONTROL_MODE_LSB 0 /* 0 nothing, 1 random, 2 the mask once at slot inj_slot, 3 the mask every inj_slot slots. */
#define FIRSTLIGHT_INJ_CONTROL_MODE_MASK 0x00000003u
#define FIRSTLIGHT_INJ_RATE 0x0184 /* Hit probability of each of the three draws, in units of 2^-31; 31 bits. */
#define FIRSTLIGHT_INJ_MASK_CHECK_TYPE 0x0188 /* Bits 3..0 type bits, bits 11..4 check bits to invert. */
#define FIRSTLIGHT_INJ_MASK_DATA_HIGH 0x018c /* Data bits 63..32 to invert. */
#define FIRSTLIGHT_INJ_MASK_DATA_LOW 0x0190 /* Data bits 31..0 to invert. */
#define FIRSTLIGHT_INJ_SLOT 0x0194 /* Exact mode: slots after the write to inj_control; periodic mode: period in slots, at least 2; 24 bits. */
#define FIRSTLIGHT_INJ_SEED 0x0198 /* Loads the random source on the write; 0 counts as 1. */

/* memory: byte addresses, then fields */
#define FIRSTLIGHT_RXM_CONTROL 0x01c0 /* The rx memory. */
#define FIRSTLIGHT_RXM_CONTROL_ARM_LSB 0 /* Store every slot but IDLE, damaged ones among them, from address 0; writing 1 empties it. */
#define FIRSTLIGHT_RXM_CONTROL_ARM_MASK 0x00000001u
#define FIRSTLIGHT_RXM_SLOTS 0x01c4 /* Slots stored since armed. */
#define FIRSTLIGHT_RXM_LOST 0x01c8 /* Slots that found the memory full, saturating at 65535. */

/* Regions: byte address, size in 32-bit words */
#define FIRSTLIGHT_LATENCY_BINS 0x0400 /* Frames of latency lat_base + index. Stable when no frame is in flight. */
#define FIRSTLIGHT_LATENCY_BINS_WORDS 256
#define FIRSTLIGHT_WAIT_BINS 0x0800 /* Frames whose first beat waited index cycles; the last bin holds all longer waits. 16 bits, saturating. */
#define FIRSTLIGHT_WAIT_BINS_WORDS 256
#define FIRSTLIGHT_SCHEDULE 0x0c00 /* (gap, length) pairs: bits 15..0 length in bytes, bits 31..16 cycles without an offered beat before the frame. Reads give zero. */
#define FIRSTLIGHT_SCHEDULE_WORDS 256
#define FIRSTLIGHT_EVENT_COUNTERS 0x1000 /* The snapshot of the event counters, two words each, most significant first. */
#define FIRSTLIGHT_EVENT_COUNTERS_WORDS 64
#define FIRSTLIGHT_OUTLIERS 0x1200 /* Bits 15..0 sequence number, bits 27..16 latency in cycles. */
#define FIRSTLIGHT_OUTLIERS_WORDS 16
#define FIRSTLIGHT_IDENTIFIER_MEM 0x1400 /* Name of the gateware, one character a word, ended by zero. */
#define FIRSTLIGHT_IDENTIFIER_MEM_WORDS 64
#define FIRSTLIGHT_TX_MEMORY 0x2000 /* Payload words, each as two: data 63..32, then data 31..0. */
#define FIRSTLIGHT_TX_MEMORY_WORDS 1088
#define FIRSTLIGHT_RX_MEMORY 0x4000 /* Slots, each as four words: data 63..32, data 31..0, flags, zero. Flags: bits 3..0 type, bit 4 corrected, bit 5 bad even, bit 6 bad odd. */
#define FIRSTLIGHT_RX_MEMORY_WORDS 2176

/* Event counters: byte address, two words each, most significant first */
#define FIRSTLIGHT_EVENT_SLOTS 0x1000 /* Line slots, good or bad, while locked. */
#define FIRSTLIGHT_EVENT_CORRECTED 0x1008 /* Words with one wrong bit (corrected at L2 and L3, poisoned below). */
#define FIRSTLIGHT_EVENT_BAD_EVEN 0x1010 /* Uncorrectable words with an even syndrome. */
#define FIRSTLIGHT_EVENT_BAD_ODD 0x1018 /* Uncorrectable words with an odd syndrome. */
#define FIRSTLIGHT_EVENT_FRAMES_SENT 0x1020 /* Frames whose END was sent. */
#define FIRSTLIGHT_EVENT_FRAMES_STOMPED 0x1028 /* Frames ended stomped by this transmitter. */
#define FIRSTLIGHT_EVENT_FRAMES_GOOD 0x1030 /* Frames received with a good verdict. */
#define FIRSTLIGHT_EVENT_FRAMES_BAD_OWN 0x1038 /* Frames bad by this hop's line (stomp clear). */
#define FIRSTLIGHT_EVENT_FRAMES_BAD_FOREIGN 0x1040 /* Frames stomped upstream. */
#define FIRSTLIGHT_EVENT_NULL_CLOSED 0x1048 /* Frames closed by a null beat (END without a last word). */
#define FIRSTLIGHT_EVENT_STARTS_DROPPED 0x1050 /* First words inside an open frame: the new frame is dropped. */
#define FIRSTLIGHT_EVENT_IGNORED_WORDS 0x1058 /* Further words while closed. */
#define FIRSTLIGHT_EVENT_ORPHANS 0x1060 /* Bad slots while closed. */
#define FIRSTLIGHT_EVENT_MISPLACED 0x1068 /* END or parity out of place, control words of unknown kind, reserved types. */
#define FIRSTLIGHT_EVENT_LOCK_LOSSES 0x1070 /* Times the lock was lost. */
#define FIRSTLIGHT_EVENT_SILENCE 0x1078 /* Times the client side was shut for silence or loss of light. */
#define FIRSTLIGHT_EVENT_OVERRUNS 0x1080 /* Beats that the client did not take. */
#define FIRSTLIGHT_EVENT_PAYLOAD_LOST 0x1088 /* Frames that the checker missed (gap in sequence numbers). */
#define FIRSTLIGHT_EVENT_PAYLOAD_REPEATED 0x1090 /* Frames seen twice or out of order. */
#define FIRSTLIGHT_EVENT_PAYLOAD_WRONG_FRAMES 0x1098 /* Frames of good verdict whose payload is not PRBS-31. */
#define FIRSTLIGHT_EVENT_BURSTS 0x10a0 /* Bursts that the laser saw. */
#define FIRSTLIGHT_EVENT_BURSTS_LATE 0x10a8 /* Bursts whose first beat was held. */
#define FIRSTLIGHT_EVENT_HELD_CYCLES 0x10b0 /* Cycles a client beat was held for the laser. */
#define FIRSTLIGHT_EVENT_ENABLED_CYCLES 0x10b8 /* Cycles with the laser enabled. */
#define FIRSTLIGHT_EVENT_WAKE_UPS 0x10c0 /* Times the laser was turned on. */
#define FIRSTLIGHT_EVENT_PREDICTIONS_MADE 0x10c8 /* Gaps for which PairGap had an opinion. */
#define FIRSTLIGHT_EVENT_PREDICTIONS_USED 0x10d0 /* Gaps in which it turned the laser off. */
#define FIRSTLIGHT_EVENT_PREDICTIONS_LATE 0x10d8 /* Of those, late. */
#define FIRSTLIGHT_EVENT_INJECTED 0x10e0 /* Slots that the injector changed. */
#define FIRSTLIGHT_EVENT_PAYLOAD_WRONG_BAD 0x10e8 /* Frames of bad verdict that reached the checker. */
#define FIRSTLIGHT_EVENT_CYCLES 0x10f0 /* Cycles since clear. */
#define FIRSTLIGHT_EVENT_FRAMES_ABORTED 0x10f8 /* Frames aborted by their client or for stalling. */

#endif
