/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process that is killed: after so many steps that leave a trace outside of it, nothing it does has any effect any more.
 * Every test double that stands for something durable asks here before each step.
 */
final class Halt {

    /** What a killed process would have seen, had it lived. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("killed");
        }
    }

    private final AtomicInteger steps = new AtomicInteger();
    private final int lastStep;

    private Halt(int lastStep) {
        this.lastStep = lastStep;
    }

    static Halt never() {
        return new Halt(Integer.MAX_VALUE);
    }

    /** Lets {@code steps} steps happen, none after them. */
    static Halt after(int steps) {
        return new Halt(steps);
    }

    /** @throws Killed when the process is dead */
    void step() {
        if (steps.incrementAndGet() > lastStep) {
            throw new Killed();
        }
    }

    /** @throws Killed when the process is dead; reading is not a step */
    void alive() {
        if (steps.get() > lastStep) {
            throw new Killed();
        }
    }

    boolean isKilled() {
        return steps.get() > lastStep;
    }

    int steps() {
        return steps.get();
    }
}
