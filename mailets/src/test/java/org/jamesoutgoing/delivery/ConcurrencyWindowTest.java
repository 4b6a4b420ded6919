/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.jamesoutgoing.routing.Concurrency;
import org.junit.jupiter.api.Test;

class ConcurrencyWindowTest {

    private final ConcurrencyWindow window = new ConcurrencyWindow(new Concurrency(5, 20));

    @Test
    void itSaysWhyItIsAsWideAsItIs() {
        assertThat(window.why()).isEqualTo(LaneState.Limit.INITIAL);

        window.reached();
        assertThat(window.why()).isEqualTo(LaneState.Limit.GROWN);

        window.unreachable();
        assertThat(window.why()).isEqualTo(LaneState.Limit.CUT);
        assertThat(window.size()).isEqualTo(2);
    }

    @Test
    void atItsWidestTheRouteIsTheReason() {
        for (int i = 0; i < 1000; i++) {
            window.reached();
        }
        assertThat(window.why()).isEqualTo(LaneState.Limit.ROUTE);

        window.unreachable();
        assertThat(window.why()).isEqualTo(LaneState.Limit.CUT);
        window.limit(new Concurrency(1, 3));
        assertThat(window.why()).isEqualTo(LaneState.Limit.ROUTE);
    }
}
