/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.Test;

class RouteTest {
    private static final Instant ACCEPTED = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void mailFromTheNullSenderExpiresByItsOwnLifetime() { // RFC 5321 §4.5.5
        Route route = SampleRoutes.independent();
        assertThat(route.expiry(ACCEPTED, false)).isEqualTo("2026-03-06T12:00:00Z");
        assertThat(route.expiry(ACCEPTED, true)).isEqualTo("2026-03-02T12:00:00Z");
    }

    @Test
    void aNewQueueLifetimeLeavesTheRestAsItIs() {
        Route route = SampleRoutes.independent();
        Route shorter = Changed.of(route, "queueLifetime", Duration.ofHours(1));
        assertThat(shorter.expiry(ACCEPTED, false)).isEqualTo("2026-03-01T13:00:00Z");
        assertThat(Changed.of(shorter, "queueLifetime", route.queueLifetime())).isEqualTo(route);
    }
}
