/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.migrating;

import java.util.Locale;

/** Who delivers. Each has domains, senders and addresses of its own. */
enum Side {
    STOCK("RemoteDelivery", "", 60),
    OURS(
            "org.jamesoutgoing.mailets.OutgoingDelivery",
            // The mail servers of these tests are on loopback addresses.
            "<localExchangers>true</localExchangers>",
            61);

    private final String mailet;
    private final String more;
    private final int network;

    Side(String mailet, String more, int network) {
        this.mailet = mailet;
        this.more = more;
        this.network = network;
    }

    String mailet() {
        return mailet;
    }

    /** Parameters besides those of the scenario. */
    String more() {
        return more;
    }

    String address(int scenario, int host) {
        return "127." + network + "." + scenario + "." + host;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Without what is different by the set-up alone. */
    String unmarked(String text) {
        return text.replace("." + word() + ".test", ".test")
                .replace("-" + word() + "@", "@")
                .replace("127." + network + ".", "127.x.");
    }
}
