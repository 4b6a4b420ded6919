/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.util.EnumMap;
import java.util.Map;

/** What all lanes of one {@link Standing} hold together. Each lane keeps it up to date. Not thread-safe: the dispatcher's. */
final class LaneTotals {

    private final Map<Standing, Load> held = new EnumMap<>(Standing.class);
    private final Map<Standing, Integer> underWay = new EnumMap<>(Standing.class);

    void add(Standing standing, Load more, int attempts) {
        held.merge(standing, more, Load::plus);
        underWay.merge(standing, attempts, Integer::sum);
    }

    void subtract(Standing standing, Load less, int attempts) {
        add(standing, Load.NONE.minus(less), -attempts);
    }

    /** Mails in line and under way. */
    Load held(Standing standing) {
        return held.getOrDefault(standing, Load.NONE);
    }

    int underWay(Standing standing) {
        return underWay.getOrDefault(standing, 0);
    }

    int underWay() {
        return underWay.values().stream().mapToInt(Integer::intValue).sum();
    }
}
