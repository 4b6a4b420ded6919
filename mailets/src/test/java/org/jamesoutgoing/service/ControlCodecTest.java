/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits and suspensions in their file. */
class ControlCodecTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private final ControlCodec codec = new ControlCodec();

    private RuntimeControls read(String json) throws Exception {
        return codec.valueFromJson("outgoing", JSON.readTree(json.replace('\'', '"')));
    }

    @Test
    void itIsWrittenAsItIsRead() throws Exception {
        String json = "{'limits':{'mails':5000,'mailsPerSender':0},'service':'resumed',"
                + "'domains':{'example.com':{'reason':'moving','since':'2026-11-30T08:00:00Z',"
                + "'until':'2026-12-01T00:00:00Z'}},"
                + "'hosts':{'mx.example.com':{'reason':'x','since':'1970-01-01T00:00:00Z'}}}";
        assertThat(codec.valueToJson(read(json)).toString()).isEqualTo(json.replace('\'', '"'));
        assertThat(read("{}")).isEqualTo(RuntimeControls.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | 'control' is no object",
                "{'limit':{}} | 'control' has an unknown field 'limit'",
                "{'limits':{'bytes':1}} | 'bytes' is no limit",
                "{'limits':{'mails':-1}} | its limit 'mails' is no number of 0 or more",
                "{'limits':{'mails':'7'}} | its limit 'mails' is no number of 0 or more",
                "{'limits':[]} | 'limits' is no object",
                "{'service':'suspended'} | 'service' is no object",
                "{'service':{'reason':'x'}} | the suspension of 'service' has no reason or no time",
                "{'domains':{'a.b':{'reason':'x','since':'now'}}} | the suspension of 'a.b' has a time that is none",
                "{'hosts':{'a.b':{'reason':'x','since':'1970-01-01T00:00:00Z','end':1}}} | 'a.b' has an unknown field",
            })
    void whatIsNotWrittenSoIsRefused(String json, String said) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }
}
