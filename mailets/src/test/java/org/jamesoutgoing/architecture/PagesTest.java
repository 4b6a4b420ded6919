/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages for people, and their links to each other and to the code. */
class PagesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path FIRST = ROOT.resolve("README.md");
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "try-out");

    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
    /** {@code [text](target)}. */
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    /** {@code [name]: target}, and {@code [Name]} where it is used. */
    private static final Pattern DEFINITION = Pattern.compile("(?m)^\\[([^\\]]+)\\]: (\\S+)$");

    private static final Pattern USE = Pattern.compile("\\[([A-Za-z.]+)\\](?![(:\\[])");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

    static List<Path> pages() throws IOException {
        return pagesIn(ROOT);
    }

    private static List<Path> pagesIn(Path directory) throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> found = Files.list(directory)) {
            for (Path path : found.sorted().toList()) {
                if (Files.isDirectory(path)
                        && !NOT_OURS.contains(path.getFileName().toString())) {
                    pages.addAll(pagesIn(path));
                } else if (path.toString().endsWith(".md")) {
                    pages.add(path);
                }
            }
        }
        return pages;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(Path page) throws IOException {
        assertThat(targets(page)).allSatisfy(target -> {
            String[] halves = target.split("#", 2);
            Path file = halves[0].isEmpty() ? page : at(page, halves[0]);
            assertThat(file).exists().startsWith(ROOT);
            if (halves.length > 1) {
                assertThat(anchors(file)).contains(halves[1]);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyNameInBracketsIsDefined(Path page) throws IOException {
        String text = prose(page);
        assertThat(groups(USE, DEFINITION.matcher(text).replaceAll(""), 1)).isEqualTo(groups(DEFINITION, text, 1));
    }

    @Test
    void theFirstPageLeadsToEachAndEachLeadsBack() throws IOException {
        assertThat(filesLinkedIn(FIRST)).containsAll(pages());
        assertThat(pages()).allSatisfy(page -> assertThat(filesLinkedIn(page)).contains(FIRST));
    }

    private static Set<Path> filesLinkedIn(Path page) throws IOException {
        return targets(page).stream()
                .map(target -> target.startsWith("#") ? page : at(page, target.split("#", 2)[0]))
                .collect(Collectors.toSet());
    }

    /** Those within the repository. */
    private static Set<String> targets(Path page) throws IOException {
        String text = prose(page);
        return Stream.concat(groups(LINK, text, 1).stream(), groups(DEFINITION, text, 2).stream())
                .filter(target -> !target.startsWith("https://"))
                .collect(Collectors.toSet());
    }

    private static Path at(Path page, String target) {
        return page.resolveSibling(target).normalize();
    }

    private static Set<String> anchors(Path page) throws IOException {
        String text = CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
        return groups(HEADING, text, 1).stream()
                .map(heading -> heading.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** Without code. */
    private static String prose(Path page) throws IOException {
        String text = CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
        return CODE.matcher(text).replaceAll("code");
    }

    private static Set<String> groups(Pattern pattern, String text, int group) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(group))
                .collect(Collectors.toSet());
    }
}
