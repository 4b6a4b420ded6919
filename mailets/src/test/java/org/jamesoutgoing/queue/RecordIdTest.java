/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LowerChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordIdTest {
    @Property
    void aKeyTellsTheRecordId(
            @ForAll @LowerChars @CharRange(from = '0', to = '9') @Chars('-') @StringLength(min = 1, max = 40) String id,
            @ForAll @IntRange(max = 999_999_999) int sequence) {
        RecordId recordId = new RecordId(id, sequence);
        assertThat(RecordId.ofKey(recordId.key())).isEqualTo(recordId);
    }

    @Test
    void theNextRecordHasTheNextSequence() {
        assertThat(new RecordId("id", 0).next()).isEqualTo(new RecordId("id", 1));
        assertThat(new RecordId("id", 0).next().key()).isEqualTo("id.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mail1700000000000-0a1b2c3d-4e5f-6789-abcd-ef0123456789",
                "Mail17-to-192.0.2.1",
                "mail",
                "mail.",
                ".1",
                "mail.01",
                "mail.-1",
                "mail.1234567890",
                "mail.1.1",
                "../../etc/passwd.1",
                "Größe.1",
            })
    void aKeyOfSomebodyElseIsTheFirstRecordOfAMailOfItsOwn(String key) {
        RecordId recordId = RecordId.ofKey(key);
        assertThat(recordId).isEqualTo(RecordId.ofKey(key));
        assertThat(recordId.sequence()).isEqualTo(1);
        assertThat(recordId.key()).isNotEqualTo(key);
    }

    @Test
    void keysOfSomebodyElseAreNeverTwoRecordsOfOneMail() {
        assertThat(RecordId.ofKey("Mail17-to-192.0.2.1").id())
                .isNotEqualTo(RecordId.ofKey("Mail17-to-192.0.2.2").id());
    }

    @Property
    void anyKeyGivesAnIdentityThatCanBeAFileName(@ForAll @AlphaChars @Chars({'.', '/', 'ö'}) String key) {
        assertThat(RecordId.ofKey(key).id()).matches("[0-9a-z-]+");
    }

    @Test
    void newIdentitiesAreAllDifferentAndFitForFileNames() {
        assertThat(IntStream.range(0, 10_000).mapToObj(i -> RecordId.newId()))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[0-9a-z]{1,16}"));
    }

    @Test
    void thePartsOfAMailHaveTheSameIdentitiesEachTimeItIsSplit() {
        assertThat(RecordId.partId("id", 3)).isEqualTo(RecordId.partId("id", 3)).isNotEqualTo(RecordId.partId("id", 2));
        assertThat(RecordId.ofKey(new RecordId(RecordId.partId(RecordId.partId("id", 3), 12), 7).key()))
                .isEqualTo(new RecordId("id-3-12", 7));
    }
}
