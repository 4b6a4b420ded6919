/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when the queue becomes full and when it no longer is, once each: five per cent must be gained before
 * the same is said again. Not thread-safe.
 */
public final class FullnessAlarm {

    /** From here on mail that waits for room is not admitted. */
    public static final double NEARLY_FULL = 0.8;

    private static final double HYSTERESIS = 0.05;
    private static final Logger LOGGER = LoggerFactory.getLogger(FullnessAlarm.class);

    /** How full it counts as. */
    public enum Level {
        NORMAL,
        NEARLY_FULL,
        FULL
    }

    private final String queueName;
    private volatile Level level = Level.NORMAL;

    public FullnessAlarm(String queueName) {
        this.queueName = queueName;
    }

    /** @param fullness see {@link QueueLimits#fullness} */
    void observe(double fullness, QueueUsage usage, QueueLimits limits) {
        Level now = level(fullness, level);
        if (now == level) {
            return;
        }
        if (now.compareTo(level) > 0) {
            LOGGER.warn("outgoing queue {} is {}: {} of {}", queueName, word(now), usage, limits);
        } else {
            LOGGER.info("outgoing queue {} is {} again: {} of {}", queueName, word(now), usage, limits);
        }
        level = now;
    }

    private static Level level(double fullness, Level before) {
        if (fullness >= (before == Level.FULL ? 1 - HYSTERESIS : 1)) {
            return Level.FULL;
        }
        double from = before == Level.NORMAL ? NEARLY_FULL : NEARLY_FULL - HYSTERESIS;
        return fullness >= from ? Level.NEARLY_FULL : Level.NORMAL;
    }

    public Level level() {
        return level;
    }

    private static String word(Level level) {
        return switch (level) {
            case NORMAL -> "below 80 %";
            case NEARLY_FULL -> "above 80 %";
            case FULL -> "full";
        };
    }
}
