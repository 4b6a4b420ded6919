/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The packages from top to bottom, and what each uses: in a table of the architecture page, and in the code. */
final class FloorPlan {

    private static final String ROOT = "org.jamesoutgoing.";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z.]+)` \\|[^|]*\\|[^|]*\\| ([^|]*) \\|$");
    private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");

    private FloorPlan() {}

    /**
     * The table in the page's section "Packages".
     *
     * @return by package, in the order of the page
     */
    static Map<String, Set<String>> drawn() throws IOException {
        String page = Files.readString(Path.of("..", "mailets", "README.md"));
        String section = page.split("(?m)^## Packages$", 2)[1].split("(?m)^## ", 2)[0];
        Map<String, Set<String>> plan = new LinkedHashMap<>();
        for (MatchResult row : ROW.matcher(section).results().toList()) {
            plan.put(row.group(1), new TreeSet<>(names(row.group(2))));
        }
        return plan;
    }

    private static List<String> names(String cell) {
        return NAME.matcher(cell).results().map(name -> name.group(1)).toList();
    }

    /** What each of these packages uses of these packages. */
    static Map<String, Set<String>> built(JavaClasses classes, Set<String> packages) {
        Map<String, Set<String>> plan = new LinkedHashMap<>();
        for (String each : packages) {
            plan.put(
                    each,
                    classes.stream()
                            .filter(user -> user.getPackageName().equals(ROOT + each))
                            .flatMap(user -> user.getDirectDependenciesFromSelf().stream())
                            .map(Dependency::getTargetClass)
                            .map(FloorPlan::name)
                            .filter(used -> packages.contains(used) && !used.equals(each))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        return plan;
    }

    /** The packages of ours that these classes are in. */
    static Set<String> packagesOf(JavaClasses classes) {
        return classes.stream().map(FloorPlan::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(JavaClass each) {
        JavaClass type = each.getBaseComponentType();
        return type.getPackageName().startsWith(ROOT) ? type.getPackageName().substring(ROOT.length()) : "";
    }

    /** Arrows of the plan that do not lead downwards. */
    static List<String> upwards(Map<String, Set<String>> plan) {
        List<String> order = List.copyOf(plan.keySet());
        List<String> arrows = new ArrayList<>();
        plan.forEach((user, used) -> used.stream()
                .filter(each -> order.indexOf(each) < order.indexOf(user))
                .forEach(each -> arrows.add(user + " -> " + each)));
        return arrows;
    }
}
