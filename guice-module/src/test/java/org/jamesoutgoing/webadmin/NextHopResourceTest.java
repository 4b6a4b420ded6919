/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextHopResourceTest {

    private final RunningServices james = new RunningServices();

    @AfterEach
    void stop() {
        james.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=-1|'limit' is '-1'",
                "offset=-1|'offset' is '-1'; allowed: a whole number from 0 to 2147483647",
                "hots=mx|did you mean 'host'?",
                "queue=spool|'queue' is 'spool'",
            })
    void aBadQueryIsToldWhatIsAllowed(String query, String said) throws Exception {
        james.startSuspended("outgoing");

        james.assertBad("/outgoing/next-hops?" + query, 400, said);
    }

    @Test
    void beforeAnyMailThereAreNone() throws Exception {
        james.startSuspended("outgoing");

        assertThat(james.json("/outgoing/next-hops")).isEmpty();
    }
}
