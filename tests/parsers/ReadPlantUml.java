// Reads documents with PlantUML's own parser; run as a source file, with plantuml.jar as class path.
// Standard input: documents, each from @startuml to @enduml. Standard output: for each a line
// "diagram", then "entity", "field" and "link" lines with fields between tabs.

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sourceforge.plantuml.BlockUml;
import net.sourceforge.plantuml.SourceStringReader;
import net.sourceforge.plantuml.core.Diagram;
import net.sourceforge.plantuml.cucadiagram.CucaDiagram;
import net.sourceforge.plantuml.cucadiagram.IGroup;
import net.sourceforge.plantuml.cucadiagram.ILeaf;
import net.sourceforge.plantuml.cucadiagram.LeafType;
import net.sourceforge.plantuml.cucadiagram.Link;
import net.sourceforge.plantuml.cucadiagram.Member;

public class ReadPlantUml {
    static final Pattern CODE_POINT = Pattern.compile("<U\\+([0-9a-fA-F]{4,5})>");

    public static void main(String[] arguments) throws Exception {
        String text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder();
        for (BlockUml block : new SourceStringReader(text).getBlocks()) {
            Diagram diagram = block.getDiagram();
            if (!(diagram instanceof CucaDiagram)) {
                line(out, "error", diagram.getDescription().toString());
                continue;
            }
            CucaDiagram read = (CucaDiagram) diagram;
            line(out, "diagram");
            for (ILeaf leaf : read.getLeafsvalues()) {
                String name = shown(leaf.getDisplay().toString());
                if (leaf.getLeafType() == LeafType.NOTE) {
                    line(out, "note", leaf.getCodeGetName(), name);
                    continue;
                }
                IGroup group = leaf.getParentContainer();
                boolean top = group.getParentContainer() == null;
                String app = top ? "" : shown(group.getDisplay().toString());
                line(out, "entity", leaf.getCodeGetName(), name, app, "" + leaf.getStereotype());
                for (Member member : leaf.getBodier().getFieldsToDisplay()) {
                    line(out, "field", "" + member.getVisibilityModifier(), shown(member.getDisplay(false)));
                }
            }
            for (Link link : read.getLinks()) {
                line(out, "link", link.getEntity1().getCodeGetName(), "" + link.getType().getDecor2(),
                    "" + link.getType().getStyle(), "" + link.getType().getDecor1(),
                    link.getEntity2().getCodeGetName(), shown(link.getLabel().toString()));
            }
        }
        System.out.write(out.toString().getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    static void line(StringBuilder out, String... fields) {
        out.append(String.join("\t", fields)).append('\n');
    }

    // What Creole makes of <U+0026>, which the parser leaves to the drawing.
    static String shown(String text) {
        Matcher found = CODE_POINT.matcher(text);
        StringBuilder out = new StringBuilder();
        while (found.find()) {
            String letter = new String(Character.toChars(Integer.parseInt(found.group(1), 16)));
            found.appendReplacement(out, Matcher.quoteReplacement(letter));
        }
        return found.appendTail(out).toString();
    }
}
