/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.jamesoutgoing.settings.Changed;
import org.junit.jupiter.api.Test;

class ExchangerOptionsTest {
    @Test
    void theParentDomainIsOffByDefault() {
        assertThat(ExchangerOptions.DEFAULT.parentDomain()).isFalse();
        assertThat(Changed.of(ExchangerOptions.DEFAULT, "parentDomain", true).parentDomain())
                .isTrue();
    }

    @Test
    void aValueOutOfRangeIsNamedWithWhatIsAllowed() {
        assertThatThrownBy(() -> Changed.of(ExchangerOptions.DEFAULT, "deadline", Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deadline is PT0S, allowed is PT0.001S to PT10M");
        assertThatThrownBy(() -> Changed.of(
                        ExchangerOptions.DEFAULT,
                        "minTtl",
                        Duration.ofHours(2),
                        "maxTtl",
                        Duration.ofHours(1),
                        "negativeTtl",
                        Duration.ZERO,
                        "failureTtl",
                        Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("minTtl is PT2H, allowed is PT0S to PT1H");
        ExchangerOptions o = ExchangerOptions.DEFAULT;
        assertThatThrownBy(() -> new ExchangerOptions(
                        false, false, o.minTtl(), o.maxTtl(), o.negativeTtl(), o.failureTtl(), o.deadline(), 0, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxExchangers is 0, allowed is 1 to 100");
    }
}
