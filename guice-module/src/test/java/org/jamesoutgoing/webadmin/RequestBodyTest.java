/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {

    private static Map<String, Optional<String>> read(String json) throws BadRequestException {
        return RequestBody.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyScalarBecomesAText() throws Exception {
        assertThat(read("{\"a\": \"x\", \"b\": 25, \"c\": true, \"d\": 2.50, \"e\": null}"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "a", Optional.of("x"),
                        "b", Optional.of("25"),
                        "c", Optional.of("true"),
                        "d", Optional.of("2.50"),
                        "e", Optional.empty()));
    }

    @Test
    void anArrayBecomesATextWithCommas() throws Exception {
        assertThat(read("{\"relayHosts\": [\"a.test\", \"b.test:26\"], \"none\": []}"))
                .containsEntry("relayHosts", Optional.of("a.test, b.test:26"))
                .containsEntry("none", Optional.of(""));
    }

    @Test
    void fieldsKeepTheirOrder() throws Exception {
        assertThat(read("{\"z\":1,\"a\":2,\"m\":3}").keySet()).containsExactly("z", "a", "m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[]",
                "\"text\"",
                "1",
                "null",
                "{\"a\": 1",
                "{\"a\": 1}}",
                "{\"a\": 1} {\"b\": 2}",
                "{\"a\": 1, \"a\": 2}",
                "{a: 1}",
                "{\"a\": tru}",
                "{\"a\": {\"b\": 1}}",
                "{\"a\": [[\"b\"]]}",
                "{\"a\": [null]}",
                "{\"a\": [\"b\"",
                "{\"a\": \"\n\"}",
                "<a/>"
            })
    void anythingElseIsRefusedWithOneLineThatSaysWhatIsAllowed(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(BadRequestException.class)
                .message()
                .contains("allowed:")
                .doesNotContain("\n")
                .doesNotContain("com.fasterxml");
    }

    @Test
    void aBodyInAnotherCharacterSetIsRefused() {
        byte[] latin = "{\"a\": \"\u00fc\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> RequestBody.read(latin))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("allowed: a JSON object in UTF-8");
    }

    @Test
    void aBodyNestedTenThousandDeepIsRefusedLikeAnyOther() {
        assertThatThrownBy(() -> read("{\"a\": " + "[".repeat(10_000)))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("'a' has a value of a wrong type");
    }

    @Test
    void aBodyOfMoreThanAMebibyteIsRefusedUnread() {
        assertThatThrownBy(() -> RequestBody.read(new byte[RequestBody.MAX_OCTETS + 1]))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("allowed: 1048576 at most");
    }

    @Test
    void whatIsRefusedIsNotSaidAgain() {
        assertThatThrownBy(() -> read("{\"gatewayPassword\": {\"value\": \"hunter2\"}}"))
                .message()
                .doesNotContain("hunter2");
        assertThatThrownBy(() -> read("{\"gatewayPassword\": hunter2}"))
                .message()
                .doesNotContain("hunter2");
    }
}
