/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.jamesoutgoing.testing.JamesServer;
import org.jamesoutgoing.testing.Patience;

/** What the tests here wait for. */
final class Soon {

    private Soon() {}

    static ConditionFactory soon() {
        return await().atMost(Patience.LIMIT).pollInterval(Duration.ofMillis(50));
    }

    /**
     * The service has nothing left to do: its queues, their waiting rooms and the spool are empty, and stay so (a mail on
     * its way from one to another could be overlooked once), and James has put nothing among its errors.
     */
    static void nothingIsLeft(JamesServer james, String... queues) {
        soon().during(Duration.ofMillis(500)).untilAsserted(() -> assertNothingIsLeft(james, queues));
    }

    /** The same, at this moment. */
    static void assertNothingIsLeft(JamesServer james, String... queues) throws Exception {
        for (String queue : queues) {
            assertThat(james.queue(queue).getSize()).as("queue %s", queue).isZero();
            assertThat(waiting(james, queue)).as("waiting room of %s", queue).isEmpty();
        }
        assertThat(james.queue("spool").getSize()).as("spool").isZero();
        assertThat(james.repositoryKeys("durable://var/mail/error/"))
                .as("errors")
                .isEmpty();
    }

    static List<String> waiting(JamesServer james, String queue) throws Exception {
        return james.repositoryKeys("durable://var/mail/" + queue + "-waiting");
    }
}
