/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The settings reference has every delivery option with its default, and no other. */
class SettingsReferenceTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @TestFactory
    List<DynamicTest> everyOptionStandsThereWithItsDefault() throws Exception {
        Map<String, String> documented = documented();
        return RouteOptions.all().stream()
                .map(option -> DynamicTest.dynamicTest(option.name(), () -> {
                    assertThat(documented).containsKey(option.name());
                    option.builtIn().ifPresent(value -> assertThat(documented.get(option.name()))
                            .isEqualTo(value));
                }))
                .toList();
    }

    /** Option to default: the first column's names, and the second column's values, in the same order or one for all. */
    private static Map<String, String> documented() throws Exception {
        String page = Files.readString(Path.of("../conf/README.md"), StandardCharsets.UTF_8);
        int start = page.indexOf("### Delivery options");
        Map<String, String> documented = new HashMap<>();
        for (String row : page.substring(start, page.indexOf("\n## ", start)).split("\n", -1)) {
            String[] cells = row.split("(?<!\\\\)\\|", -1);
            if (cells.length > 3) {
                List<String> names = codes(cells[1].replaceAll("\\([^)]*\\)", ""));
                List<String> values = codes(cells[2]);
                for (int i = 0; i < names.size(); i++) {
                    documented.put(
                            names.get(i),
                            values.isEmpty() ? "" : values.size() == names.size() ? values.get(i) : values.get(0));
                }
            }
        }
        return documented;
    }

    private static List<String> codes(String cell) {
        Matcher matcher = CODE.matcher(cell);
        return matcher.results().map(result -> result.group(1)).toList();
    }
}
