/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.mailets;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.james.util.DurationParser;
import org.jamesoutgoing.routing.ResendSchedule;
import org.jamesoutgoing.settings.ValueType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RemoteDelivery's {@code delayTime} and {@code maxRetries}, with their meaning there: {@code delayTime} is a list of
 * {@code [attempts*]delay [unit]}, milliseconds without a unit; the last delay is repeated up to {@code maxRetries}, which
 * is 5 at least unless it is given; a mail that was tried {@code maxRetries + 1} times is given up. A delay may be 0;
 * here no wait is shorter than 100 ms, so that a mail that is put off at once does not go round without a pause.
 */
final class RemoteDeliverySchedule {

    private static final Logger LOGGER = LoggerFactory.getLogger(RemoteDeliverySchedule.class);
    private static final String ALLOWED =
            "a list of [attempts*]delay [unit], of up to 365 days, such as 5000, 2*1 hour, 1 day";
    private static final int DEFAULT_RETRIES = 5;
    private static final int MAX_RETRIES = 10_000;
    private static final Duration DEFAULT_DELAY = Duration.ofHours(6);
    private static final Duration SHORTEST_DELAY = Duration.ofMillis(100);
    private static final Duration LONGEST_DELAY = Duration.ofDays(365);

    private RemoteDeliverySchedule() {}

    static ResendSchedule read(Parameters parameters) {
        List<Duration> delays = parameters
                .read("delayTime", new ValueType<>(ALLOWED, RemoteDeliverySchedule::parse))
                .orElse(List.of(DEFAULT_DELAY));
        int retries = Math.max(
                delays.size(),
                parameters.read("maxRetries", ValueType.number(0, MAX_RETRIES)).orElse(DEFAULT_RETRIES));
        ResendSchedule schedule = new ResendSchedule(delays, 0, OptionalInt.of(retries + 1));
        Duration total = Duration.ZERO;
        for (int attempt = 1; attempt <= retries; attempt++) {
            total = total.plus(schedule.delayAfter(attempt));
        }
        LOGGER.warn(
                "delayTime and maxRetries give a mail up after {} minutes ({} attempts); without them it is tried for 5 days",
                total.toMinutes(),
                retries + 1);
        return schedule;
    }

    private static List<Duration> parse(String text) {
        List<Duration> delays = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            String[] factors = part.trim().split("\\*", -1);
            int times = factors.length == 2 ? Integer.parseInt(factors[0].trim()) : 1;
            if (factors.length > 2 || times < 0 || times > MAX_RETRIES) {
                throw new IllegalArgumentException();
            }
            Duration delay = DurationParser.parse(factors[factors.length - 1].trim());
            if (delay.compareTo(LONGEST_DELAY) > 0) {
                throw new IllegalArgumentException();
            }
            for (int i = 0; i < times; i++) {
                delays.add(delay.compareTo(SHORTEST_DELAY) < 0 ? SHORTEST_DELAY : delay);
            }
        }
        if (delays.isEmpty()) {
            throw new IllegalArgumentException();
        }
        return delays;
    }
}
